import type { AdapterContext, Adapters } from './adapters.ts';
import { writeApiKey } from './data-folder/api-key-file.ts';
import { dataFolder, prepareDataFolder } from './data-folder/data-folder.ts';
import { createDiskProbe } from './data-folder/disk-probe.ts';
import { lockFolder } from './data-folder/folder-lock.ts';
import { loadFormCredentials } from './data-folder/form-credentials.ts';
import { explaining } from './data-folder/problem.ts';
import { createDataFolderWatch, type DataFolderWatch } from './data-folder/watch.ts';
import { explain } from './explain.ts';
import { createInProcessQueue } from './jobs/in-process.ts';
import { createLocalObjectStore, MIN_SEAL_AGE } from './objects/local/store.ts';
import type { Store } from './service/ports/store.ts';
import type { EmbeddedStorage } from './settings/storage-config.ts';
import { openSqliteStore } from './store/sqlite/store.ts';
import { createOwnForms } from './uploads/own-forms.ts';
import { checkNameLength } from './uploads/post-policy/key-length.ts';

/** While one is written no request can write. */
const BATCH_SIZE = 500;

/** Forms name one, and AWS's first is what every client knows. */
const REGION = 'us-east-1';

/**
 * Everything in one folder, which belongs to this process alone while it runs.
 * @throws where it cannot be opened, or another process has it; nothing stays open then
 */
export const openEmbedded = async (
  storage: EmbeddedStorage,
  { clock, observer, limits, publicUrl, warn }: AdapterContext,
): Promise<Adapters> => {
  const { directory, bucket } = storage;
  const folder = dataFolder(directory);
  const open = <T>(path: string, step: () => Promise<T> | T): Promise<T> => explaining(directory, path, step);
  const narrowed = await open(directory, () => prepareDataFolder(folder));
  if (narrowed.length > 0) warn({ narrowed }, 'other users could read these; now their owner alone can');
  await using opened = new AsyncDisposableStack();
  const lock = await open(folder.lock, () => lockFolder(folder.lock));
  opened.defer(lock.release);
  const watch = createDataFolderWatch();
  const store = await open(folder.rows, () => openSqliteStore(folder.rows, { queryMs: limits.queryMs }));
  opened.defer(store.close);
  watch.add([folder.rows], [directory, folder.lock]);
  const credentials = await open(folder.formCredentials, () => loadFormCredentials(folder.formCredentials));
  const objects = await open(folder.objects, () =>
    createLocalObjectStore({
      directory,
      clock,
      maxFilesPerSession: limits.maxFilesPerSession,
      onWriterFailure: observer.writerFailed,
      checkFolder: watch.check,
    }),
  );
  opened.defer(objects.close);
  watch.add([folder.objects], [folder.bodies, folder.incoming]);
  await objects.pruneSeals(clock() - MIN_SEAL_AGE);
  const maxBytes = limits.maxSessionFileBytes;
  const forms = createOwnForms({ credentials, bucket, region: REGION, publicUrl, maxBytes, clock });
  const kept = opened.move();
  return {
    store: watched(store, watch, createDiskProbe([directory, folder.incoming])),
    objects,
    jobs: createInProcessQueue(observer),
    batchSize: BATCH_SIZE,
    forms,
    endpoint: { intake: objects, verifyForm: forms.verifyForm, checkName: checkNameLength },
    firstKey: {
      path: folder.apiKey,
      keep: (key) => open(folder.apiKey, () => writeApiKey(folder.apiKey, key)),
    },
    examine: async () =>
      Promise.all([store.ping(), objects.ping()]).then(
        () => [],
        (error: unknown) => [explain(error, storage)],
      ),
    close: () => kept.disposeAsync(),
  };
};

/** What is acknowledged is in the folder that the next start finds. */
const watched = (store: Store, { check }: DataFolderWatch, probe: () => Promise<void>): Store => ({
  ...store,
  write: async (work, kind) => {
    const result = await store.write(work, kind);
    check();
    return result;
  },
  ping: async () => {
    check();
    await probe();
    await store.ping();
  },
});
