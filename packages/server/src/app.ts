import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { writeApiKey } from './api-key-file.ts';
import type { Config } from './config.ts';
import { uuidAt } from './domain/uuid.ts';
import { createApp } from './http/app.ts';
import { countFiles, createMetrics, gaugeRows, type Metrics } from './http/metrics.ts';
import type { ListedRoute } from './http/route-list.ts';
import { createInProcessQueue } from './jobs/in-process.ts';
import { createFormEndpoint, type FormObserver } from './objects/form/endpoint.ts';
import { createLocalObjectStore, MIN_SEAL_AGE } from './objects/local/store.ts';
import { createAuthenticate } from './service/authentication.ts';
import { createFileUploads } from './service/file-uploads.ts';
import { createFiles } from './service/files.ts';
import { prepareFirstStart } from './service/first-start.ts';
import { createJobHandler } from './service/job-handler.ts';
import type { Clock, JobQueue, NewId, ObjectStore, Observer, Store } from './service/ports.ts';
import { createTokens } from './service/tokens.ts';
import { createUploadSessions } from './service/upload-sessions.ts';
import { createUsers } from './service/users.ts';
import { createWorkspaces } from './service/workspaces.ts';
import { lockFolder } from './store/folder-lock.ts';
import { openSqliteStore } from './store/store.ts';
import { systemClock } from './system-clock.ts';

/** A running service and its parts, for whoever started it. */
export type Server = {
  /** Where it listens; `http://host:port`, without a trailing slash. */
  url: string;
  publicUrl: string;
  /** The key of the first start and where it was written; null at every later start. */
  firstKey: { key: string; path: string } | null;
  /** Every route with what it asks of its caller. */
  routes: () => ListedRoute[];
  store: Store;
  objects: ObjectStore;
  jobs: JobQueue;
  /** Lets requests in flight finish for a while, refuses others, ends the jobs, closes everything. */
  close: () => Promise<void>;
};

/** Milliseconds requests in flight get when the server stops. */
const GRACE = 15_000;

export type StartOptions = { config: Config; log: Logger; version: string; clock?: Clock };

/** Builds the service from its settings, top to bottom, and starts it. The only place that knows every adapter. */
export const startServer = async ({
  config,
  log,
  version,
  clock = systemClock(),
}: StartOptions): Promise<Server> => {
  const { directory, bucket } = config.storage;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const lock = lockFolder(join(directory, 'lock.db'));
  const newId: NewId = () => uuidAt(clock());
  const metrics = createMetrics();
  const observer = createObserver(log, metrics);

  const store = await openSqliteStore(join(directory, 'sluice.db'));
  const keyPath = join(directory, 'api-key');
  const firstKey = await prepareFirstStart({ store, clock, newId }, config.firstStart, (key) =>
    writeApiKey(keyPath, key),
  );

  let publicUrl = config.http.publicUrl ?? '';
  const objects = await createLocalObjectStore({
    directory,
    bucket,
    publicUrl: () => publicUrl,
    clock,
    maxFilesPerSession: config.limits.filesPerSession,
    maxObjectBytes: config.limits.sessionFileBytes,
  });
  await objects.pruneSeals(clock() - MIN_SEAL_AGE);
  const jobs = createInProcessQueue(observer);

  const context = {
    store,
    objects,
    jobs,
    clock,
    newId,
    observer,
    temporaryFor: config.limits.temporaryFor,
    maxFilesPerSession: config.limits.filesPerSession,
    maxFileBytes: config.limits.directFileBytes,
    maxWorkspaces: config.limits.workspaces,
  };
  let stopping = false;
  const { app, routes } = await createApp({
    authenticate: createAuthenticate(context),
    workspaces: createWorkspaces(context),
    uploadSessions: createUploadSessions({
      ...context,
      limits: {
        maxOpenPerUser: config.limits.openSessionsPerUser,
        maxFilesPerSession: config.limits.filesPerSession,
      },
    }),
    files: createFiles(context),
    fileUploads: createFileUploads(context),
    tokens: createTokens(context),
    users: createUsers(context),
    health: {
      ready: () => !stopping,
      check: async () => {
        await Promise.all([store.ping(), objects.ping()]);
      },
    },
    metrics,
    log,
    form: {
      path: `/${bucket}`,
      handle: createFormEndpoint({
        uploads: objects,
        bucket,
        publicUrl: () => publicUrl,
        clock,
        corsOrigins: config.http.corsOrigins,
        accepting: () => !stopping,
        observer: observeUploads(log, metrics),
      }),
    },
    documentationUrl: () => `${publicUrl}/docs`,
    corsOrigins: config.http.corsOrigins,
    docs: config.http.docs,
    version,
  });
  gaugeRows(metrics, context);

  jobs.start(createJobHandler(context));
  jobs.enqueue({ kind: 'sweep' }); // what the last process left
  const url = await app.listen({ host: config.http.host, port: config.http.port });
  publicUrl ||= url;

  return {
    url,
    publicUrl,
    firstKey: firstKey === undefined ? null : { key: firstKey, path: keyPath },
    routes,
    store,
    objects,
    jobs,
    close: async () => {
      stopping = true;
      // A connection that falls idle only now would otherwise stay until its client lets go of it.
      const hurry = setInterval(() => app.server.closeIdleConnections(), 50);
      const cut = setTimeout(() => app.server.closeAllConnections(), GRACE);
      await app.close();
      clearInterval(hurry);
      clearTimeout(cut);
      await jobs.stop();
      await objects.close();
      await store.close();
      lock.release();
    },
  };
};

const observeUploads = (log: Logger, { uploads, uploadedBytes }: Metrics): FormObserver => ({
  stored: (bytes) => {
    uploads.inc({ outcome: 'stored' });
    uploadedBytes.inc(bytes);
  },
  refused: (code) => uploads.inc({ outcome: code }),
  failed: (error) => log.error({ err: error }, 'form upload failed'),
});

const createObserver = (log: Logger, metrics: Metrics): Observer => ({
  filesSettled: (outcomes) => countFiles(metrics, outcomes),
  sessionIngested: (sessionId, seconds) => {
    metrics.ingestionSeconds.observe(seconds);
    log.info({ sessionId, seconds }, 'session ingested');
  },
  jobFailed: (job, error) => {
    metrics.jobFailures.inc({ kind: job.kind });
    log.error({ job, err: error }, 'job failed; the next sweep tries again');
  },
});
