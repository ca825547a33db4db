import { Worker } from 'node:worker_threads';
import { createTurnTaking } from '../../service/breathe.ts';
import { tooDear } from '../reads/too-dear.ts';
import type { Result, Statement } from './connection.ts';
import { databaseUnavailable, translated } from './errors.ts';
import type { WorkerAnswer, WorkerRequest, WorkerSettings } from './worker.ts';

/** A connection in a thread. If that thread dies, everything asked of this one rejects from then on. */
export type ThreadConnection = {
  /**
   * @param limit milliseconds
   * @throws DomainError QUERY_TOO_DEAR, STORAGE_UNAVAILABLE, or what SQLite throws
   */
  execute(statement: Statement, limit: number): Promise<Result>;
};

/** A thread with a connection of its own, started when it is first needed, and again if it died. */
export type Thread = {
  /** @throws what keeps it from starting */
  start(): Promise<void>;
  /** @throws DomainError STORAGE_UNAVAILABLE where it does not start */
  connect(): Promise<ThreadConnection>;
  /** Waits for what was asked, then ends the thread. */
  close(): Promise<void>;
};

export type StartWorker = (settings: WorkerSettings) => Worker;

export const createThread = (settings: WorkerSettings, startWorker: StartWorker = spawn): Thread => {
  let running: Promise<Running> | undefined;
  let closed = false;

  const run = (): Promise<Running> => {
    if (closed) return Promise.reject(new Error('The database is closed'));
    if (running) return running;
    const started = startRunning(startWorker(settings), () => {
      if (running === started) running = undefined;
    });
    running = started;
    return started;
  };

  return {
    start: async () => {
      await run();
    },
    connect: () =>
      run().catch((cause) => {
        throw databaseUnavailable(cause);
      }),
    close: async () => {
      closed = true;
      await running?.then(
        (thread) => thread.end(),
        () => {},
      );
    },
  };
};

type Running = ThreadConnection & { end(): Promise<void> };

type Waiting = { resolve: (result: Result) => void; reject: (error: unknown) => void };

const startRunning = (worker: Worker, onExit: () => void): Promise<Running> =>
  new Promise((resolve, reject) => {
    let alive = true;
    let failure: unknown = new Error('The thread of the database has ended');
    let ended = () => {};
    const waiting: Waiting[] = [];
    const inTurn = createTurnTaking();
    const send = (request: WorkerRequest): void => worker.postMessage(request);

    worker.on('error', (error) => {
      failure = error;
    });
    worker.on('message', (answer: WorkerAnswer | 'ready') => {
      if (answer === 'ready') resolve({ execute, end });
      else inTurn(() => settle(waiting.shift() as Waiting, answer));
    });
    worker.on('exit', () => {
      alive = false;
      onExit();
      inTurn(() => {
        for (const one of waiting.splice(0)) one.reject(databaseUnavailable(failure));
      });
      reject(failure);
      ended();
    });

    const execute: ThreadConnection['execute'] = (statement, limit) =>
      new Promise((resolve, reject) => {
        if (!alive) return reject(databaseUnavailable(failure));
        send({ ...statement, limit });
        waiting.push({ resolve, reject });
      });

    const end = (): Promise<void> =>
      new Promise((resolve) => {
        if (!alive) return resolve();
        ended = resolve;
        send('close');
      });
  });

const settle = ({ resolve, reject }: Waiting, answer: WorkerAnswer): void => {
  if (!('failure' in answer)) resolve(answer);
  else if (answer.outOfTime) reject(tooDear(answer.failure));
  else reject(translated(answer.failure, answer.code));
};

const spawn: StartWorker = (workerData) =>
  new Worker(new URL('./worker.ts', import.meta.url), { workerData });
