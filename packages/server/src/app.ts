import type { Logger } from 'pino';
import { basePathOf } from './domain/base-path.ts';
import { uuidAt } from './domain/uuid.ts';
import { explain, explained, notListening } from './explain.ts';
import { createApp } from './http/app.ts';
import { stopListening } from './http/connections/stop-listening.ts';
import { gaugeHealth } from './http/health-gauge.ts';
import type { ListedRoute } from './http/route-list.ts';
import { createMetrics, gaugeRows } from './http/routes/metrics.ts';
import { createObserver, observeUploads } from './observer.ts';
import { openAdapters } from './open-adapters.ts';
import { createAuthenticate, rememberWhileAway } from './service/accounts/authentication.ts';
import { prepareFirstStart } from './service/accounts/first-start.ts';
import { createTokens } from './service/accounts/tokens.ts';
import { createUsers } from './service/accounts/users.ts';
import type { ServiceContext } from './service/context.ts';
import { createFailingWork } from './service/failing-work.ts';
import { createFiles } from './service/files/files.ts';
import { createSingleUploads } from './service/files/single-uploads.ts';
import { createJobHandler } from './service/job-handler.ts';
import type { Clock, NewId } from './service/ports/clock.ts';
import type { JobQueue } from './service/ports/jobs.ts';
import type { ObjectStore, UploadForms } from './service/ports/objects.ts';
import type { Store } from './service/ports/store.ts';
import { createPutFiles } from './service/put-files.ts';
import { createUploadSessions } from './service/upload-sessions.ts';
import { createWorkspaces } from './service/workspaces.ts';
import type { Config } from './settings/config.ts';
import { systemClock } from './system-clock.ts';
import { createFormEndpoint } from './uploads/form/endpoint.ts';

/** A running service and its parts, for whoever started it. */
export type Server = {
  /** Where it listens; `http://host:port`, without a trailing slash. */
  url: string;
  publicUrl: string;
  /** The key of the first start and where it was written; null at every later start. */
  firstKey: { key: string; path: string | null } | null;
  /** Every route with what it asks of its caller. */
  routes: () => ListedRoute[];
  store: Store;
  objects: ObjectStore;
  forms: UploadForms;
  jobs: JobQueue;
  /** Tries what the service runs on as far as wrong settings would break it; sentences about what is wrong. Never rejects. */
  examine: () => Promise<string[]>;
  /**
   * Says that it is about to stop, and serves everything meanwhile: `/ready` is answered by 503, and each connection ends
   * with its next answer.
   */
  drain: () => void;
  /** Takes no more connections, lets requests in flight finish for a while, ends the jobs, closes everything. */
  close: () => Promise<void>;
};

/** Milliseconds requests in flight get when the server stops. */
const GRACE = 15_000;

export type StartOptions = {
  config: Config;
  log: Logger;
  version: string;
  clock?: Clock;
  /** What this process does: answer the API, work through the jobs, or both. */
  roles?: { api: boolean; work: boolean };
  /** Ends the start where it stands; a server that has started is ended by `close`. */
  stop?: AbortSignal;
};

/**
 * Builds the service from its settings, top to bottom, and starts it. It and the two files that open what it runs on
 * are the only ones that know adapters.
 * @throws where it cannot start or is stopped; nothing of it stays then
 */
export const startServer = async ({
  config,
  log,
  version,
  clock = systemClock(),
  roles = { api: true, work: true },
  stop,
}: StartOptions): Promise<Server> => {
  const newId: NewId = () => uuidAt(clock());
  const metrics = createMetrics();
  const failingWork = createFailingWork(clock);
  const observer = createObserver(log, metrics, failingWork, (error) => explain(error, config.storage));
  let publicUrl = config.http.publicUrl ?? '';
  // Ended from the last to the first, when the server stops and when it does not come to be one.
  await using running = new AsyncDisposableStack();
  const adapters = await openAdapters(config.storage, {
    clock,
    observer,
    warn: (details, message) => log.warn(details, message),
    limits: config.limits,
    jobConcurrency: config.jobConcurrency,
    works: roles.work,
    publicUrl: () => publicUrl,
  });
  const { store, objects, jobs, forms, endpoint } = adapters;
  running.defer(adapters.close);
  running.defer(jobs.stop);
  stop?.throwIfAborted();
  const examining = new AbortController();
  running.defer(() => examining.abort());

  const context: ServiceContext = {
    store,
    objects,
    forms,
    jobs,
    clock,
    newId,
    observer,
    putFiles: createPutFiles({ clock, newId, temporaryFor: config.limits.temporaryFor }),
    batchSize: adapters.batchSize,
    ...config.limits,
  };
  let state: 'starting' | 'ready' | 'stopping' = 'starting';
  const { bucket } = config.storage;
  const form = endpoint && {
    path: `/${bucket}`,
    handle: createFormEndpoint({
      ...endpoint,
      bucket,
      publicUrl: () => publicUrl,
      clock,
      corsOrigins: config.http.corsOrigins,
      observer: observeUploads(log, metrics),
    }),
  };
  const authenticate = createAuthenticate(context);
  const workspaces = createWorkspaces(context);
  const { app, routes, letGo, ...connections } = await createApp({
    api: roles.api,
    authenticate,
    authenticateForMetrics: rememberWhileAway(authenticate, context),
    workspaces,
    uploadSessions: createUploadSessions(context),
    files: createFiles({ ...context, workspaces }),
    singleUploads: createSingleUploads(context),
    tokens: createTokens(context),
    users: createUsers({ store, workspaces }),
    health: {
      state: () => state,
      check: async () => {
        await Promise.all([store.ping(), objects.ping()]).catch((error: unknown) => {
          throw explained(error, config.storage);
        });
      },
      failing: failingWork.report,
      worksOnly: !roles.api,
    },
    metrics,
    metricsAccess: config.http.metrics,
    log,
    form: roles.api ? form : null,
    documentationUrl: () => `${publicUrl}/docs`,
    publicUrl: () => publicUrl,
    basePath: basePathOf(config.http.publicUrl),
    corsOrigins: config.http.corsOrigins,
    docs: config.http.docs,
    version,
  });
  const drain = (): void => {
    state = 'stopping';
    letGo();
  };
  running.defer(async () => {
    drain();
    await stopListening(app.server);
    connections.stop(GRACE);
    await app.close();
  });
  gaugeRows(metrics, context);
  gaugeHealth(metrics, { database: store.ping, store: objects.ping });

  // Before anything is done, since a port is easily taken: no key is made that nobody is told, no job begins.
  const { host, port } = config.http;
  const url = await app.listen({ host, port }).catch((error: unknown) => {
    throw notListening(error, config.http);
  });
  publicUrl ||= url;
  stop?.throwIfAborted(); // not later: a key that is made is told
  const firstKey = roles.api
    ? await prepareFirstStart({ store, clock, newId }, config.firstStart, adapters.firstKey?.keep)
    : undefined;
  if (roles.work) {
    jobs.start(createJobHandler(context));
    jobs.enqueue({ kind: 'sweep' }); // what the last process left
  }
  state = 'ready';

  const started = running.move();
  return {
    url,
    publicUrl,
    firstKey: firstKey === undefined ? null : { key: firstKey, path: adapters.firstKey?.path ?? null },
    routes,
    store,
    objects,
    forms,
    jobs,
    examine: async () => {
      const wrong = await adapters.examine(examining.signal);
      return examining.signal.aborted ? [] : wrong;
    },
    drain,
    close: () => started.disposeAsync(),
  };
};
