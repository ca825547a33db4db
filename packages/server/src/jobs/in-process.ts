import { Cron } from 'croner';
import PQueue from 'p-queue';
import pRetry from 'p-retry';
import type { Job, JobQueue, Observer } from '../service/ports.ts';

export type InProcessOptions = {
  /** Jobs that run side by side. */
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
  const queue = new PQueue({ concurrency: options.concurrency, autoStart: false });
  const waiting = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let handle: (job: Job, signal: AbortSignal) => Promise<void>;
  let cron: Cron | undefined;

  const run = async (job: Job): Promise<void> => {
    try {
      await pRetry(() => handle(job, stopping.signal), {
        retries: options.tries - 1,
        minTimeout: options.firstWaitMs,
        randomize: true,
        signal: stopping.signal,
      });
    } catch (error) {
      if (!stopping.signal.aborted) observer.jobFailed(job, error);
    }
  };

  const enqueue = (job: Job): void => {
    const key = JSON.stringify(job);
    if (stopping.signal.aborted || waiting.has(key)) return;
    waiting.add(key);
    queue.add(async () => {
      await running.get(key); // never twice at the same time
      waiting.delete(key);
      if (stopping.signal.aborted) return;
      const done = run(job).finally(() => running.delete(key));
      running.set(key, done);
      await done;
    });
  };

  return {
    enqueue,
    start: (handler) => {
      handle = handler;
      queue.start();
      cron = new Cron(options.sweepPattern, { unref: true, catch: observer.queueFailed }, () =>
        enqueue({ kind: 'sweep' }),
      );
    },
    idle: () => queue.onIdle(),
    counts: async () => ({ waiting: queue.size, running: queue.pending, dead: 0 }),
    stop: async () => {
      cron?.stop();
      stopping.abort();
      queue.clear();
      await queue.onIdle();
    },
  };
};
