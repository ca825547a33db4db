import type { AdapterContext, Adapters } from './adapters.ts';
import { parseObjectKey } from './domain/object-keys.ts';
import { sessionStatus } from './domain/session.ts';
import { explain, ofObjects } from './explain.ts';
import { createPgBossQueue } from './jobs/pg-boss.ts';
import { checkBucket } from './objects/s3/bucket/check.ts';
import { createS3ObjectStore } from './objects/s3/store.ts';
import type { ProductionStorage } from './settings/storage-config.ts';
import { openPostgresStore } from './store/postgres/store.ts';

/** Each statement is a way to the database and back, so the fewer the better. */
const BATCH_SIZE = 2000;

/**
 * Rows and jobs in PostgreSQL, bytes in an S3-compatible store: nothing belongs to this process.
 * @throws where the database cannot be used; nothing stays open then
 */
export const openProduction = async (
  storage: ProductionStorage,
  { clock, observer, limits, jobConcurrency, works, publicUrl }: AdapterContext,
): Promise<Adapters> => {
  const { bucket, database, s3 } = storage;
  await using opened = new AsyncDisposableStack();
  const store = await openPostgresStore({ ...database, queryMs: limits.queryMs });
  opened.defer(store.close);
  const objects = createS3ObjectStore({
    ...s3,
    bucket,
    clock,
    maxObjectBytes: limits.sessionFileBytes,
    uploadRoad:
      s3.uploads === 'direct'
        ? { kind: 'direct', publicEndpoint: s3.publicEndpoint }
        : {
            kind: 'relay',
            publicUrl,
            formSecret: s3.formSecret,
            mayUpload: async (prefix) => {
              const parsed = parseObjectKey(`${prefix}-`);
              if (parsed?.kind !== 'upload') return false;
              const session = await store.read.sessions.byId(parsed.sessionId);
              if (!session || sessionStatus(session, clock()) !== 'OPEN') return false;
              return (await store.read.workspaces.byId(session.workspaceId)) !== undefined;
            },
          },
  });
  opened.defer(objects.close);
  const jobs = await createPgBossQueue({
    url: database.url,
    observer,
    works,
    concurrency: jobConcurrency,
  });
  const kept = opened.move();
  return {
    store,
    objects,
    jobs,
    batchSize: BATCH_SIZE,
    forms: objects.formUploads,
    firstKey: null,
    examine: async (signal) => {
      const { checks } = await checkBucket(
        { ...s3, bucket },
        {
          clock,
          publicEndpoint: s3.publicEndpoint,
          uploads: s3.uploads,
          explain: (error) => explain(ofObjects(error), storage),
          brief: true,
          signal,
        },
      );
      return checks.flatMap(({ outcome, message }) => (outcome === 'failed' ? [message] : []));
    },
    close: () => kept.disposeAsync(),
  };
};
