import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AdapterContext, Adapters } from './adapters.ts';
import { writeApiKey } from './api-key-file.ts';
import { explain } from './explain.ts';
import { createInProcessQueue } from './jobs/in-process.ts';
import { createLocalObjectStore, MIN_SEAL_AGE } from './objects/local/store.ts';
import type { EmbeddedStorage } from './storage-config.ts';
import { lockFolder } from './store/folder-lock.ts';
import { openSqliteStore } from './store/store.ts';

/** While one is written nothing else is: SQL in this process is synchronous. */
const BATCH_SIZE = 500;

/**
 * Everything in one folder, which belongs to this process alone while it runs.
 * @throws where it cannot be opened, or another process has it; nothing stays open then
 */
export const openEmbedded = async (
  storage: EmbeddedStorage,
  { clock, observer, limits, publicUrl }: AdapterContext,
): Promise<Adapters> => {
  const { directory, bucket } = storage;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await using opened = new AsyncDisposableStack();
  const lock = lockFolder(join(directory, 'lock.db'));
  opened.defer(lock.release);
  const store = await openSqliteStore(join(directory, 'sluice.db'));
  opened.defer(store.close);
  const objects = await createLocalObjectStore({
    directory,
    bucket,
    publicUrl,
    clock,
    maxFilesPerSession: limits.filesPerSession,
    maxObjectBytes: limits.sessionFileBytes,
  });
  opened.defer(objects.close);
  await objects.pruneSeals(clock() - MIN_SEAL_AGE);
  const keyPath = join(directory, 'api-key');
  const kept = opened.move();
  return {
    store,
    objects,
    jobs: createInProcessQueue(observer),
    batchSize: BATCH_SIZE,
    forms: objects,
    firstKey: { path: keyPath, keep: (key) => writeApiKey(keyPath, key) },
    examine: async () =>
      Promise.all([store.ping(), objects.ping()]).then(
        () => [],
        (error: unknown) => [explain(error, storage)],
      ),
    close: () => kept.disposeAsync(),
  };
};
