import { setPriority } from 'node:os';
import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import {
  type ConnectionSettings,
  OutOfTime,
  openConnection,
  type Result,
  type Statement,
} from './connection.ts';

/** Entry of a thread with a connection of its own; it is started, never imported. Answers come in the order of the requests. */

export type WorkerRequest = (Statement & { limit: number }) | 'close';

/** `failure`: an error, whose own fields would be lost on the way. `code`: that of SQLite. */
export type WorkerAnswer = Result | { failure: unknown; code: number | undefined; outOfTime: boolean };

/** Between what is usual (0) and what waits for everybody (19). */
const BACKGROUND = 10;

const port = parentPort;
if (port === null) throw new Error('worker.ts runs as a worker thread only');

export type WorkerSettings = ConnectionSettings & {
  /** Gives way to the other threads of the process where processors are few. */
  background?: boolean;
};

const { background = false, ...settings } = workerData as WorkerSettings;

/** On Linux, and only there, a priority is that of a thread. A sandbox that forbids to set it keeps nothing from being read. */
const giveWay = (): void => {
  if (process.platform !== 'linux') return;
  try {
    setPriority(BACKGROUND);
  } catch {
    // then it competes with the others
  }
};

if (background) giveWay();

const connection = openConnection(settings);

port.on('message', (request: WorkerRequest) => {
  if (request === 'close') {
    connection.close();
    port.close();
  } else port.postMessage(answer(request));
});

const answer = (request: Exclude<WorkerRequest, 'close'>): WorkerAnswer => {
  try {
    return connection.execute(request, request.limit);
  } catch (failure) {
    const code = failure instanceof Error && 'errcode' in failure ? Number(failure.errcode) : undefined;
    return { failure, code, outOfTime: failure instanceof OutOfTime };
  }
};

port.postMessage('ready');
