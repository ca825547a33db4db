import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { COMPILE_CACHE } from '../../testing/server/compile-cache.ts';
import { temporaryFolder } from '../../testing/server/harness.ts';
import { checkGoesOn, cleanSchemas, MAIN, startProcess } from '../../testing/server/server-process.ts';

// What dies at any statement of a start: suites/starts.
test('LIF.7: a first start that is killed or stopped at some moment is gone on with by the next', async (t) => {
  const clean = await cleanSchemas(t);
  for (const [round, signal] of (['SIGKILL', 'SIGTERM', 'SIGINT'] as const).entries()) {
    const directory = join(await temporaryFolder(t), 'data');
    const { child, ended } = startProcess(t, directory);
    while (!existsSync(join(directory, 'sluice.db')) && child.exitCode === null) await delay(1);
    await delay(round * 10);
    child.kill(signal);
    const [code, by] = await ended;
    if (signal === 'SIGKILL') assert.equal(by, signal);
    else assert.deepEqual([code, by], [0, null], 'stopped');
    await checkGoesOn(t, directory, clean, `${signal} after ${round * 10} ms`);
  }
});

test('LIF.7: a start that waits for a database is stopped at once, too', async (t) => {
  const silent = createServer((socket) => socket.resume().on('error', () => {})).listen(0, '127.0.0.1');
  t.after(() => silent.close());
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: {
      ...COMPILE_CACHE,
      SLUICE_DATABASE_URL: `postgresql://u:p@127.0.0.1:${port}/d`,
      SLUICE_DATABASE_CONNECT_SECONDS: '300',
      SLUICE_S3_ENDPOINT: `http://127.0.0.1:${port}`,
      SLUICE_S3_ACCESS_KEY_ID: 'id',
      SLUICE_S3_SECRET_ACCESS_KEY: 'secret',
      SLUICE_PORT: '0',
      SLUICE_LOG_LEVEL: 'fatal',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  await Promise.race([once(silent, 'connection'), ended]);
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null]);
});

test('two first starts at once: one serves, and the other says who has the folder', async (t) => {
  const directory = join(await temporaryFolder(t), 'data');
  const both = [startProcess(t, directory), startProcess(t, directory)];
  const [code] = await Promise.race(both.map(({ ended }) => ended));
  assert.equal(code, 1);
  const serving = both.find(({ child }) => child.exitCode === null);
  assert.ok(serving);
  serving.child.kill('SIGTERM');
  assert.deepEqual(await serving.ended, [0, null]);
  await checkGoesOn(t, directory, await cleanSchemas(t), 'two at once');
});
