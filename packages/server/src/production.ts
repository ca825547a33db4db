import type { AdapterContext, Adapters } from './adapters.ts';
import { parseObjectKey } from './domain/object-keys.ts';
import { takesUploads } from './domain/session.ts';
import { explain, ofObjects } from './explain.ts';
import { createPgBossQueue } from './jobs/pg-boss.ts';
import { checkBucket } from './objects/s3/bucket/check.ts';
import { createS3ObjectStore } from './objects/s3/store.ts';
import type { ProductionStorage } from './settings/storage-config.ts';
import { openPostgresStore } from './store/postgres/store.ts';
import { derivedCredentials } from './uploads/derived-credentials.ts';
import { createDirectForms } from './uploads/direct-forms.ts';
import { createOwnForms } from './uploads/own-forms.ts';
import { checkKeyLength } from './uploads/post-policy/key-length.ts';

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
    maxSessionFileBytes: limits.maxSessionFileBytes,
    mayUpload: async (prefix) => {
      const parsed = parseObjectKey(`${prefix}-`);
      if (parsed?.kind !== 'upload') return false;
      const session = await store.read.sessions.byId(parsed.sessionId);
      if (!session || !takesUploads(session, clock())) return false;
      return (await store.read.workspaces.byId(session.workspaceId)) !== undefined;
    },
  });
  opened.defer(objects.close);
  const signing = { maxBytes: limits.maxSessionFileBytes, clock };
  const own =
    s3.uploads === 'relay'
      ? createOwnForms({
          ...signing,
          credentials: derivedCredentials(s3.formSecret ?? s3.secretAccessKey),
          bucket,
          region: s3.region,
          publicUrl,
        })
      : null;
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
    forms: own ?? createDirectForms(objects.formTarget(s3.publicEndpoint), signing),
    endpoint: own && { intake: objects, verifyForm: own.verifyForm, checkName: checkKeyLength },
    firstKey: null,
    examine: async (signal) => {
      const { checks } = await checkBucket(
        { ...s3, bucket },
        {
          clock,
          publicEndpoint: s3.publicEndpoint,
          uploads: s3.uploads,
          signForms: createDirectForms,
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
