import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Store } from '../../packages/server/src/service/ports/store.ts';
import { openSqliteStore, type SqliteOptions } from '../../packages/server/src/store/sqlite/store.ts';

/** A store in a folder of its own; it is closed and goes when the tests of the file have ended. */
export const openTemporaryStore = async (options?: SqliteOptions): Promise<Store> => {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-store-'));
  const store = await openSqliteStore(join(directory, 'sluice.db'), options);
  closes.push(async () => {
    await store.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  });
  return store;
};

const closes: (() => Promise<void>)[] = [];

after(async () => {
  for (const close of closes) await close();
});
