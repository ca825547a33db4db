import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE } from './compile-cache.ts';
import { API_KEY, startHarness } from './harness.ts';

export const MAIN = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url));

/** A server in a process of its own, which says where it listens and ends with the test. */
export const startProcess = (
  t: TestContext,
  directory: string,
  { node = [], env = {} }: { node?: string[]; env?: Record<string, string> } = {},
) => {
  const child = spawn(process.execPath, [...node, MAIN, 'serve'], {
    env: {
      ...COMPILE_CACHE,
      SLUICE_DATA_DIR: directory,
      SLUICE_PORT: '0',
      SLUICE_API_KEY: API_KEY,
      SLUICE_LOG_LEVEL: 'fatal',
      ...env,
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

/** Those that a first start makes. */
export const cleanSchemas = async (t: TestContext): Promise<unknown[]> => {
  const h = await startHarness(t);
  await h.close();
  return schemasOf(h.directory);
};

/** A server starts on it, takes an upload in, and has the tables that a new one has. */
export const checkGoesOn = async (t: TestContext, directory: string, clean: unknown[], what: string) => {
  const h = await startHarness(t, { directory });
  assert.equal((await h.uploadFile('a.txt', 'x')).status, 201, what);
  assert.equal((await h.ws('GET', '/files')).body.total, 1, what);
  await h.close();
  assert.deepEqual(schemasOf(directory), clean, what);
};
