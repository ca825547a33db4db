import { setTimeout as delay } from 'node:timers/promises';
import { Cron } from 'croner';
import { type Db, type JobWithMetadata, PgBoss, type SendOptions } from 'pg-boss';
import manifest from 'pg-boss/package.json' with { type: 'json' };
import {
  JOB_KINDS,
  JOBS,
  type Job,
  type JobCounts,
  type JobHandler,
  type JobQueue,
  keyOf,
} from '../service/ports/jobs.ts';
import type { Observer } from '../service/ports/telling.ts';
import { DEAD_LETTER_QUEUE, DEAD_LETTERS, JOBS_SCHEMA, QUEUE } from './pg-boss-queues.ts';

export type PgBossOptions = {
  /** `postgresql://user:password@host:port/database`; LISTEN wants a connection of its own, so no transaction pooling. */
  url: string;
  observer: Observer;
  /** Whether this process hands jobs out as well; one that only adds some needs few connections. */
  works: boolean;
  /** Sessions that this process ingests side by side. */
  concurrency: number;
  /** When each working process asks for a sweep, as a cron pattern with seconds. */
  sweepPattern?: string;
};

/** Milliseconds that running jobs get to end when the queue stops; then they go to another worker all the same. */
const STOP_GRACE = 20_000;

/** Milliseconds that jobs on their way into the table get when the queue stops. */
const SEND_GRACE = 5000;

/** Workers are woken; this is the net below it, and for databases and poolers that cannot notify. */
const POLLING = { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 2 };

/** Milliseconds after which a connection that answers nothing is given up, so that a dead network cannot stop the queue. */
const QUERY_TIMEOUT = 30_000;

/**
 * Jobs in PostgreSQL, shared by all processes: retries with backoff, dead letters, one worker at a time for each key. A
 * new job wakes a worker by NOTIFY; polling is the net below it.
 * @throws where the database cannot be reached at the start, or has tables of a newer version
 */
export const createPgBossQueue = async ({
  url,
  observer,
  works,
  concurrency,
  sweepPattern = '*/5 * * * * *',
}: PgBossOptions): Promise<JobQueue> => {
  const boss = await startBoss(url, observer, { works, connections: works ? concurrency + 4 : 2 });
  const stopping = new AbortController();
  const sending = new Set<Promise<unknown>>();
  let sends = 0;
  let cron: Cron | undefined;

  const send = (job: Job, options: SendOptions = {}): void => {
    if (stopping.signal.aborted) return;
    sends += 1;
    const sent = boss
      .send(job.kind, job, { singletonKey: keyOf(job), ...options })
      .catch((error: unknown) => {
        if (stopping.signal.aborted) return;
        observer.queueFailed(
          new Error(`a job (${job.kind}) could not be queued; a sweep finds what it was for`, {
            cause: error,
          }),
        );
      });
    track(sent);
  };

  const track = (work: Promise<unknown>): void => {
    sending.add(work);
    const forget = () => sending.delete(work);
    work.then(forget, forget);
  };

  /** The next may be its equal, which is not added while it runs. */
  const follow = async (kind: Job['kind'], id: string, next: Job): Promise<void> => {
    await boss.complete(kind, id);
    send(next);
  };

  const counts = async (): Promise<JobCounts> => {
    const { rows } = await boss.getDb().executeSql(
      `select count(*) filter (where state < 'active' and name <> $1)::int as waiting,
         count(*) filter (where state = 'active')::int as running,
         count(distinct (source_name, singleton_key)) filter (where name = $1)::int as dead
       from ${JOBS_SCHEMA}.job where name = any($2)`,
      [DEAD_LETTERS, [...JOB_KINDS, DEAD_LETTERS]],
    );
    return rows[0] as JobCounts;
  };

  /** One job at a time. The next is looked for when one is done, not at the next poll. */
  const addWorker = async (kind: Job['kind'], handle: JobHandler): Promise<void> => {
    const work = async ([job]: JobWithMetadata<Job>[]): Promise<void> => {
      if (job === undefined) return;
      try {
        // A job whose heartbeats came too late belongs to another worker by now.
        const next = await handle(job.data, AbortSignal.any([stopping.signal, job.signal]));
        if (next === undefined) return;
        const followed = follow(kind, job.id, next);
        track(followed);
        await followed;
      } catch (error) {
        const isLast = job.retryCount >= job.retryLimit;
        if (isLast && !stopping.signal.aborted) observer.jobFailed(job.data, error);
        throw error;
      } finally {
        boss.notifyWorker(id);
      }
    };
    const id = await boss.work(kind, { includeMetadata: true, ...POLLING }, work);
  };

  return {
    enqueue: (job) => send(job),
    counts,
    start: async (handle) => {
      await Promise.allSettled(sending);
      if (stopping.signal.aborted) return;
      for (const kind of JOB_KINDS) {
        const places = JOBS[kind].places === 'one' ? 1 : concurrency;
        for (let place = 0; place < places; place++) addWorker(kind, handle).catch(observer.queueFailed);
      }
      // One of the processes is enough each time.
      const once = { singletonSeconds: 1 };
      cron = new Cron(sweepPattern, { unref: true, catch: observer.queueFailed }, () =>
        send({ kind: 'sweep' }, once),
      );
    },
    idle: async () => {
      for (;;) {
        await Promise.allSettled(sending);
        const before = sends;
        const { waiting, running } = await counts();
        if (waiting === 0 && running === 0 && sending.size === 0 && sends === before) return;
        await delay(20);
      }
    },
    stop: async () => {
      cron?.stop();
      stopping.abort();
      await Promise.race([Promise.allSettled(sending), delay(SEND_GRACE, undefined, { ref: false })]);
      await boss.stop({ graceful: true, timeout: STOP_GRACE });
    },
  };
};

/**
 * Brings the tables of the queue up to date; safe beside other processes that do the same.
 * @throws as createPgBossQueue does
 */
export const migrateJobs = async (url: string): Promise<void> => {
  const observer = { queueFailed: () => {} };
  const boss = await startBoss(url, observer, { works: false, connections: 2 });
  await boss.stop({ graceful: false });
};

const startBoss = async (
  connectionString: string,
  { queueFailed }: Pick<Observer, 'queueFailed'>,
  { works, connections }: { works: boolean; connections: number },
): Promise<PgBoss> => {
  const pool = { query_timeout: QUERY_TIMEOUT, keepAlive: true, keepAliveInitialDelayMillis: 10_000 };
  const boss = new PgBoss({
    ...pool,
    connectionString,
    schema: JOBS_SCHEMA,
    application_name: 'sluice jobs',
    max: connections,
    connectionTimeoutMillis: 5000,
    schedule: false,
    supervise: works,
    useListenNotify: works,
    // How soon a job of a dead worker is noticed once its heartbeats are overdue.
    superviseIntervalSeconds: 2,
    monitorIntervalSeconds: 2,
    // How often what is done is deleted.
    maintenanceIntervalSeconds: 60,
  });
  boss.on('error', queueFailed);
  boss.on('warning', ({ message, data }) => {
    if ('type' in data && data.type === 'listen_notify_unavailable') queueFailed(new Error(message));
  });
  try {
    await refuseNewerTables(boss);
    await boss.start();
    await boss.createQueue(DEAD_LETTERS, DEAD_LETTER_QUEUE);
    for (const kind of JOB_KINDS) {
      await boss.createQueue(kind, QUEUE);
      const { policy: _fixed, ...changeable } = QUEUE;
      await boss.updateQueue(kind, changeable); // an earlier version may have made it
    }
    return boss;
  } catch (error) {
    await boss.stop({ graceful: false }).catch(queueFailed);
    throw error;
  }
};

/** pg-boss brings older tables up to date, and works on newer ones as if it knew them. */
const refuseNewerTables = async (boss: PgBoss): Promise<void> => {
  await (boss.getDb() as Db & { open: () => Promise<void> }).open(); // `start` would, and does not once it is
  const version = (await boss.isInstalled()) ? await boss.schemaVersion() : null;
  const known = manifest.pgboss.schema;
  if (version === null || version <= known) return;
  throw new Error(
    `The tables of the job queue (schema ${JOBS_SCHEMA}) are those of a newer version of Sluice (${version}, this one ` +
      `knows ${known}). Run that version or a later one, or restore a backup from before.`,
  );
};
