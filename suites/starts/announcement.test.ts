import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { COMPILE_CACHE } from '../../testing/server/compile-cache.ts';
import { temporaryFolder } from '../../testing/server/harness.ts';

const MAIN = join(import.meta.dirname, '../../packages/server/src/main.ts');

/** What a start says of the API key. */
const saidOfKey = async (t: TestContext, env: Record<string, string>): Promise<string> => {
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: { ...COMPILE_CACHE, ...env, SLUICE_PORT: '0', SLUICE_LOG_LEVEL: 'fatal' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line.trim());
    if (line.includes('Workspace')) child.kill('SIGTERM');
  }
  assert.deepEqual(await ended, [0, null]);
  const said = lines
    .slice(
      lines.findIndex((line) => line.startsWith('API key')),
      -1,
    )
    .join(' ');
  return said.replace(/^API key +/, '');
};

test('a start says where its API key is, by one path, or that the setting is it', async (t) => {
  const directory = `${await temporaryFolder(t)}/data/`;
  const path = `${directory}api-key`;
  const first = await saidOfKey(t, { SLUICE_DATA_DIR: directory });
  assert.equal(first.replace(/^api_\S{43}/, '<key>'), `<key> shown this once; kept in ${path}`);
  const later = await saidOfKey(t, { SLUICE_DATA_DIR: directory });
  assert.equal(later, `the one of the first start, in ${path} unless it was deleted`);
  const chosen = { SLUICE_DATA_DIR: await temporaryFolder(t), SLUICE_API_KEY: 'a-key-that-was-chosen' };
  assert.equal(await saidOfKey(t, chosen), 'the one of SLUICE_API_KEY');
});
