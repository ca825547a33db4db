import { setTimeout as delay } from 'node:timers/promises';
import { Cron } from 'croner';
import { type JobWithMetadata, PgBoss } from 'pg-boss';
import type { Job, JobCounts, JobQueue, Observer } from '../service/ports.ts';
import { DEAD_LETTER_QUEUE, DEAD_LETTERS, JOBS_SCHEMA, KINDS, keyOf, QUEUE } from './pg-boss-queues.ts';

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

/** Milliseconds that running jobs get to end when the queue stops; what runs on then is found again by a sweep. */
const STOP_GRACE = 20_000;

/**
 * Jobs in PostgreSQL, shared by all processes: retries with backoff, dead letters, one worker at a time for each key. A
 * new job wakes a worker by NOTIFY; polling is the net below it.
 * @throws where the database cannot be reached at the start
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
  let cron: Cron | undefined;

  const enqueue = (job: Job): void => {
    if (stopping.signal.aborted) return;
    const sent = boss.send(job.kind, job, { singletonKey: keyOf(job) }).catch((error: unknown) => {
      if (!stopping.signal.aborted) observer.jobFailed(job, error);
    });
    sending.add(sent);
    sent.finally(() => sending.delete(sent));
  };

  const counts = async (): Promise<JobCounts> => {
    const { rows } = await boss.getDb().executeSql(
      `select count(*) filter (where state < 'active' and name <> $1)::int as waiting,
         count(*) filter (where state = 'active')::int as running,
         count(*) filter (where name = $1)::int as dead
       from ${JOBS_SCHEMA}.job where name = any($2)`,
      [DEAD_LETTERS, [...KINDS, DEAD_LETTERS]],
    );
    return rows[0] as JobCounts;
  };

  return {
    enqueue,
    counts,
    start: (handle) => {
      const run = async ([job]: JobWithMetadata<Job>[]): Promise<void> => {
        if (job === undefined) return;
        try {
          await handle(job.data, stopping.signal);
        } catch (error) {
          const isLast = job.retryCount >= job.retryLimit;
          if (isLast && !stopping.signal.aborted) observer.jobFailed(job.data, error);
          throw error;
        }
      };
      for (const kind of KINDS) {
        const localConcurrency = kind === 'ingest' ? concurrency : 1;
        const polling = { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 2 };
        boss
          .work(kind, { includeMetadata: true, localConcurrency, ...polling }, run)
          .catch((error: unknown) => observer.queueFailed(error));
      }
      cron = new Cron(sweepPattern, { unref: true }, () => enqueue({ kind: 'sweep' }));
    },
    idle: async () => {
      for (;;) {
        await Promise.all(sending);
        const { waiting, running } = await counts();
        if (waiting === 0 && running === 0 && sending.size === 0) return;
        await delay(20);
      }
    },
    stop: async () => {
      cron?.stop();
      stopping.abort();
      await Promise.all(sending);
      await boss.stop({ graceful: true, timeout: STOP_GRACE });
    },
  };
};

/** Brings the tables of the queue up to date; safe beside other processes that do the same. */
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
  const boss = new PgBoss({
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
  });
  boss.on('error', queueFailed);
  await boss.start();
  await boss.createQueue(DEAD_LETTERS, DEAD_LETTER_QUEUE);
  for (const kind of KINDS) await boss.createQueue(kind, QUEUE);
  return boss;
};
