import { Cron } from 'croner';
import PQueue from 'p-queue';
import pRetry from 'p-retry';
import { JOB_KINDS, JOBS, type Job, type JobHandler, type JobQueue, keyOf } from '../service/ports/jobs.ts';
import type { Observer } from '../service/ports/telling.ts';

export type InProcessOptions = {
  /** Sessions that are ingested side by side; of each other kind of job one runs at a time. */
  concurrency: number;
  /** When to sweep, as a cron pattern with seconds. */
  sweepPattern: string;
  /** Tries of one job, the waits between them growing from `firstWaitMs`; what still fails is left to the sweep. */
  tries: number;
  firstWaitMs: number;
};

export const IN_PROCESS_DEFAULTS: InProcessOptions = {
  concurrency: 4,
  sweepPattern: '*/2 * * * * *',
  tries: 4,
  firstWaitMs: 100,
};

/** Jobs within this process. A crash loses them all, which is fine: the sweep at the next start finds their rows. */
export const createInProcessQueue = (
  observer: Observer,
  options: InProcessOptions = IN_PROCESS_DEFAULTS,
): JobQueue => {
  const placesOf = (concurrency: number) => new PQueue({ concurrency, autoStart: false });
  // Each kind has places of its own: none waits behind another.
  const places = Object.fromEntries(
    JOB_KINDS.map((kind) => [kind, placesOf(JOBS[kind].places === 'one' ? 1 : options.concurrency)]),
  ) as Record<Job['kind'], PQueue>;
  /** What waits, runs, or rests between two tries, by its key. */
  const inHand = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let handle: JobHandler;
  let cron: Cron | undefined;

  const run = async (job: Job): Promise<Job | undefined> => {
    try {
      // A job that rests holds no place.
      return await pRetry(() => places[job.kind].add(() => handle(job, stopping.signal)), {
        retries: options.tries - 1,
        minTimeout: options.firstWaitMs,
        randomize: true,
        signal: stopping.signal,
      });
    } catch (error) {
      if (!stopping.signal.aborted) observer.jobFailed(job, error);
      return undefined;
    }
  };

  const enqueue = (job: Job): void => {
    const key = `${job.kind} ${keyOf(job)}`;
    if (stopping.signal.aborted || inHand.has(key)) return;
    const done = run(job).then((next) => {
      inHand.delete(key);
      if (next) enqueue(next);
    });
    inHand.set(key, done);
  };

  const running = (): number => Object.values(places).reduce((sum, { pending }) => sum + pending, 0);

  return {
    enqueue,
    start: (handler) => {
      handle = handler;
      for (const queue of Object.values(places)) queue.start();
      cron = new Cron(options.sweepPattern, { unref: true, catch: observer.queueFailed }, () =>
        enqueue({ kind: 'sweep' }),
      );
    },
    idle: async () => {
      while (inHand.size > 0) await Promise.all(inHand.values());
    },
    counts: async () => ({ waiting: inHand.size - running(), running: running(), dead: 0 }),
    stop: async () => {
      cron?.stop();
      stopping.abort();
      for (const queue of Object.values(places)) queue.clear();
      await Promise.all(Object.values(places).map((queue) => queue.onIdle()));
    },
  };
};
