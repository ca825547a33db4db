import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import * as exported from '../src/node/index.ts';

const text = await readFile(new URL('../../../docs/client.md', import.meta.url), 'utf8');

test('docs/client.md has everything that is exported, and every method', () => {
  const client = exported.createClient({ baseUrl: 'http://127.0.0.1', apiKey: 'k' });
  const methods = Object.entries(client).flatMap(([name, value]) =>
    typeof value === 'function' ? [name] : [name, ...Object.keys(value)],
  );
  const missing = [...Object.keys(exported), ...methods].filter(
    (name) => !new RegExp(`\\b${name}\\b`).test(text),
  );
  assert.deepEqual(missing, []);
});
