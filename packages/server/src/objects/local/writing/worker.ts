import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { openForWriting } from '../schema.ts';
import { createBatchWriter } from './batch-writer.ts';
import type { Batch } from './operations.ts';

/** Entry of the thread that writes; it is started, never imported. */

export type WorkerSettings = { path: string; bodies: string; maxFilesPerSession: number };

export type WorkerMessage = Batch | 'close';

/** Batches that go into one transaction, at most. */
const MAX_BATCHES = 64;

const { path, bodies, maxFilesPerSession } = workerData as WorkerSettings;
const port = parentPort;
if (port === null) throw new Error('worker.ts runs as a worker thread only');

const database = openForWriting(path);
const write = createBatchWriter(database, maxFilesPerSession, (name) => existsSync(join(bodies, name)));

/** Everything that came while the last transaction committed goes into the next one: one fsync for all of it. */
port.on('message', (first: WorkerMessage) => {
  let message: WorkerMessage | undefined = first;
  const batches: Batch[] = [];
  while (message !== undefined && message !== 'close') {
    batches.push(message);
    message = batches.length < MAX_BATCHES ? receiveMessageOnPort(port)?.message : undefined;
  }
  if (batches.length > 0) {
    const result = write(batches);
    // Neither committed nor rolled back: this connection is of no use any more. A new thread opens a new one.
    if (database.isTransaction) throw new Error('The transaction could not be rolled back');
    port.postMessage(result);
  }
  if (message === 'close') {
    database.close();
    port.close();
  }
});
port.postMessage('ready');
