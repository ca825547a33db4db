import { Worker } from 'node:worker_threads';
import { storageUnavailable } from '../../storage-unavailable.ts';
import { packBatch, takeBatch, type Waiting } from './batching.ts';
import type { BatchResult, Operation, Outcome } from './operations.ts';
import type { WorkerSettings } from './worker.ts';

export type Writer = {
  /**
   * Has an operation carried out with whatever else waits, in one transaction. What it resolved for is durable.
   * @param chunks the body of a `put` that carries one
   * @throws DomainError STORAGE_UNAVAILABLE
   */
  submit(operation: Operation, chunks?: readonly Buffer[]): Promise<Outcome>;
  /** Waits for what was submitted, then ends the thread. Nothing is taken any more. */
  close(): Promise<void>;
};

export type WriterOptions = {
  settings: WorkerSettings;
  /** Files that nothing refers to any more. */
  onFreed: (files: readonly string[]) => void;
  /** The thread ended by itself, or did not start; another is started. */
  onFailure?: (error: unknown) => void;
  /** Asked after each commit, before it is told. Throws where what was written will not be found again. */
  checkFolder: () => void;
  startThread?: (settings: WorkerSettings) => Worker;
};

/** Milliseconds before a thread that died is started again, so that one that cannot start does not spin. */
const RESTART_DELAY = 200;

const NOTHING: readonly Buffer[] = [];

/**
 * The writing thread, seen from the main one. What comes in one turn of the event loop goes over in one message, and
 * what came over while a transaction committed goes into the next: there is one fsync for all of it, and under load
 * transactions grow by themselves. If the thread dies, what waits is rejected and a new one is started.
 * @throws where the database cannot be opened
 */
export const startWriter = async ({
  settings,
  onFreed,
  onFailure = () => {},
  checkFolder,
  startThread = spawn,
}: WriterOptions): Promise<Writer> => {
  /** Set while the thread takes batches. */
  let thread: Worker | undefined;
  let alive = false;
  let waiting: Waiting[] = [];
  let committing: Waiting[] = [];
  let scheduled = false;
  let restart: NodeJS.Timeout | undefined;
  let closed: Promise<void> | undefined;
  let ended = () => {};

  const send = (): void => {
    scheduled = false;
    if (thread === undefined) return;
    while (waiting.length > 0) {
      const taken = takeBatch(waiting);
      const batch = packBatch(taken);
      thread.postMessage(batch, [batch.bytes.buffer as ArrayBuffer]);
      committing.push(...taken);
    }
    if (closed !== undefined) thread.postMessage('close');
  };

  const settle = ({ outcomes, freed }: BatchResult): void => {
    const settled = committing.splice(0, outcomes.length);
    if (freed.length > 0) onFreed(freed);
    const loss = lossOf(checkFolder);
    settled.forEach(({ resolve, reject }, at) => {
      const outcome = outcomes[at] as Outcome;
      if (loss !== undefined) reject(storageUnavailable(loss));
      else if ('failed' in outcome) reject(storageUnavailable(outcome.failed));
      else resolve(outcome);
    });
  };

  const start = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const starting = startThread(settings);
      alive = true;
      let failure: unknown = new Error('The thread that writes has ended');
      starting.on('error', (error) => {
        failure = error;
      });
      starting.on('message', (message: BatchResult | 'ready') => {
        if (message !== 'ready') return settle(message);
        thread = starting;
        resolve();
        send();
      });
      starting.on('exit', () => {
        thread = undefined;
        alive = false;
        const lost = [...committing, ...waiting];
        committing = [];
        waiting = [];
        for (const one of lost) one.reject(storageUnavailable(failure));
        reject(failure);
        if (closed === undefined) {
          onFailure(failure);
          scheduleRestart();
        } else ended();
      });
    });

  const scheduleRestart = (): void => {
    restart = setTimeout(() => start().catch(() => {}), RESTART_DELAY);
  };

  await start().catch((error) => {
    clearTimeout(restart);
    throw error;
  });

  return {
    submit: (operation, chunks = NOTHING) =>
      new Promise((resolve, reject) => {
        if (thread === undefined || closed !== undefined) {
          return reject(storageUnavailable('The thread that writes does not run'));
        }
        waiting.push({ operation, chunks, resolve, reject });
        if (scheduled) return;
        scheduled = true;
        // After all sockets that have something to read now: their uploads go into the same batch.
        setImmediate(send);
      }),

    close: () => {
      closed ??= new Promise((resolve) => {
        ended = resolve;
        clearTimeout(restart);
        if (alive) setImmediate(send);
        else resolve();
      });
      return closed;
    },
  };
};

const lossOf = (check: () => void): unknown => {
  try {
    check();
  } catch (error) {
    return error;
  }
};

const spawn = (workerData: WorkerSettings): Worker =>
  new Worker(new URL('./worker.ts', import.meta.url), { workerData });
