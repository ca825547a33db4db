import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { API_KEY, startHarness, temporaryFolder } from '../harness.ts';
import { makeOlderFolder } from './older-folder.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const KEEPER = new URL('./keep-every-state.ts', import.meta.url).href;

const startProcess = (t: TestContext, directory: string, keepIn?: string) => {
  const keeper = keepIn === undefined ? [] : ['--import', KEEPER];
  const child = spawn(process.execPath, [...keeper, MAIN, 'serve'], {
    env: {
      SLUICE_DATA_DIR: directory,
      SLUICE_PORT: '0',
      SLUICE_API_KEY: API_KEY,
      SLUICE_LOG_LEVEL: 'fatal',
      KEEP_FROM: directory,
      ...(keepIn !== undefined && { KEEP_IN: keepIn }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  return { child, ended };
};

/** Tables and indexes of both databases of a folder, and the size of a page. */
const schemasOf = (directory: string): unknown[] =>
  ['sluice.db', 'objects.db'].map((name) => {
    const database = new DatabaseSync(join(directory, name));
    try {
      const tables = database.prepare('select type, name, sql from sqlite_schema order by type, name').all();
      return [tables, database.prepare('pragma page_size').get()];
    } finally {
      database.close();
    }
  });

const cleanSchemas = async (t: TestContext): Promise<unknown[]> => {
  const h = await startHarness(t);
  await h.close();
  return schemasOf(h.directory);
};

/** A server starts on it, takes an upload in, and has the tables that a new one has. */
const checkGoesOn = async (t: TestContext, directory: string, clean: unknown[], what: string) => {
  const h = await startHarness(t, { directory });
  assert.equal((await h.uploadFile('a.txt', 'x')).status, 201, what);
  assert.equal((await h.ws('GET', '/files')).body.total, 1, what);
  await h.close();
  assert.deepEqual(schemasOf(directory), clean, what);
};

const STARTS: [string, (directory: string) => Promise<void>][] = [
  ['a first start', async () => {}],
  ['an upgrade from the first version', (directory) => makeOlderFolder(directory, 1)],
  ['an upgrade from the version before', (directory) => makeOlderFolder(directory, 2)],
];

for (const [name, prepare] of STARTS) {
  test(`LIF.7: ${name} that dies at any statement is gone on with by the next`, async (t) => {
    const clean = await cleanSchemas(t);
    const [directory, states] = [await temporaryFolder(t), await temporaryFolder(t)];
    await prepare(directory);
    const { child, ended } = startProcess(t, directory, states);
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
    const kept = (await readdir(states)).sort();
    assert.ok(kept.length > 5, `${kept.length} states`);
    for (const state of kept) await checkGoesOn(t, join(states, state), clean, `${name}, state ${state}`);
  });
}

test('LIF.7: a first start that is killed or stopped at some moment is gone on with by the next', async (t) => {
  const clean = await cleanSchemas(t);
  for (const [round, signal] of (['SIGKILL', 'SIGTERM', 'SIGKILL', 'SIGINT', 'SIGKILL'] as const).entries()) {
    const directory = join(await temporaryFolder(t), 'data');
    const { child, ended } = startProcess(t, directory);
    while (!existsSync(join(directory, 'sluice.db')) && child.exitCode === null) await delay(1);
    await delay(round * 7);
    child.kill(signal);
    const [code, by] = await ended;
    if (signal === 'SIGKILL') assert.equal(by, signal);
    else assert.deepEqual([code, by], [0, null], 'stopped');
    await checkGoesOn(t, directory, clean, `${signal} after ${round * 7} ms`);
  }
});

test('LIF.7: a start that waits for a database is stopped at once, too', async (t) => {
  const silent = createServer((socket) => socket.resume().on('error', () => {})).listen(0, '127.0.0.1');
  t.after(() => silent.close());
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: {
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
