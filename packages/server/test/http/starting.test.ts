import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { COMPILE_CACHE } from '../../../../testing/server/compile-cache.ts';
import { IN_PRODUCTION, startHarness, temporaryFolder } from '../../../../testing/server/harness.ts';
import { startServer } from '../../src/app.ts';
import { readConfig } from '../../src/settings/config.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

test('a process whose port is taken ends with code 1', { timeout: 120_000 }, async (t) => {
  const h = await startHarness(t);
  const storage = IN_PRODUCTION ? h.storageSettings : { SLUICE_DATA_DIR: await temporaryFolder(t) };
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: { ...COMPILE_CACHE, ...storage, SLUICE_PORT: new URL(h.server.url).port, SLUICE_LOG_LEVEL: 'fatal' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  assert.equal(code, 1, complaint);
  assert.match(complaint, /another process listens there \(EADDRINUSE\). Look at SLUICE_PORT/);
});

test('a start that fails keeps neither the folder nor the first key', async (t) => {
  const h = await startHarness(t);
  const directory = await temporaryFolder(t);
  const start = (port: string) => {
    const result = readConfig({ SLUICE_DATA_DIR: directory, SLUICE_PORT: port });
    if ('problems' in result) throw new Error(result.problems.join());
    return startServer({ config: result.config, log: pino({ level: 'silent' }), version: 'test' });
  };
  await assert.rejects(start(new URL(h.server.url).port), /EADDRINUSE/);
  const server = await start('0');
  t.after(server.close);
  assert.notEqual(server.firstKey, null);
  assert.equal((await fetch(`${server.url}/ready`)).status, 200);
});
