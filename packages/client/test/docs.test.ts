import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as exported from '../src/node/index.ts';
import { startSluice } from './sluice-server.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const text = await readFile(path('../../../docs/client.md'), 'utf8');
const folder = await mkdtemp(join(tmpdir(), 'sluice-client-'));
after(() => rm(folder, { recursive: true }));

/** Blocks of one kind; those that only a fence announces are what the program prints. */
const blocks = (kind: string) =>
  [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, found, body]) =>
    found === kind ? (body as string) : [],
  );

const IMPORT = /^import .*? from '([^']+)';\n/gm;

test('every example of docs/client.md runs, and prints what the page says', async () => {
  const server = await startSluice();
  await cp(path('../../../examples/documents'), join(folder, 'documents'), { recursive: true });
  const code = blocks('ts').join('\n');
  const imports = (code.match(IMPORT) ?? [])
    .join('')
    .replaceAll('@sluice/client/node', path('../src/node/index.ts'));
  await writeFile(join(folder, 'page.ts'), imports + code.replace(IMPORT, ''));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const env = { PATH: process.env.PATH, API_URL: `${server.baseUrl}/api/v1`, API_KEY: server.apiKey };
  const { stdout } = await promisify(execFile)(process.execPath, ['page.ts'], {
    cwd: folder,
    env,
    timeout: 110_000,
  });
  assert.equal(stdout, blocks('').join(''));
});

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
