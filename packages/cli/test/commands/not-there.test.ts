import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSluice } from '../../../../testing/server/sluice-server.ts';
import { runHere } from '../run-here.ts';

test('CLI.2: what is asked for and is not there ends with 3, and with a sentence', async () => {
  const { baseUrl, apiKey } = await startSluice();
  const id = '019a3f0e-0000-7000-8000-000000000000';
  for (const args of [
    ['files', 'show', id],
    ['files', 'meta', id, '--set', 'a=1'],
    ['sessions', 'show', id],
    ['sessions', 'close', id],
    ['tokens', 'delete', id],
    ['files', 'list', '--workspace-name', 'nowhere'],
  ]) {
    const { code, stdout, stderr } = await runHere(args, { API_URL: baseUrl, API_KEY: apiKey });
    assert.deepEqual([code, stdout], [3, ''], args.join(' '));
    assert.match(stderr, /^sluice: [A-Z][^\n]+\.\n/, args.join(' '));
  }
});
