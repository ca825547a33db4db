import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { storageUnavailable } from '../local/storage-unavailable.ts';
import { createS3Client } from './client.ts';
import { createGate } from './gate.ts';
import type { S3Settings } from './settings.ts';

/** Milliseconds that closing waits for what is being tidied up; the bucket's life cycle takes the rest. */
const TIDY_TIMEOUT = 5_000;

export type ConnectionOptions = {
  /** Requests at a time, at most. */
  concurrency: number;
  attempts: number;
  idleTimeout: number;
};

/**
 * A bucket and the way to it.
 * @throws TypeError where the settings contradict each other
 */
export const createConnection = (
  settings: S3Settings,
  { concurrency, attempts, idleTimeout }: ConnectionOptions,
) => {
  const gate = createGate(concurrency);
  const client = createS3Client(settings, {
    connections: concurrency,
    attempts,
    idleTimeout,
    onOverload: gate.slowDown,
  });
  const ending = new AbortController();
  setMaxListeners(0, ending.signal);
  const tidying = new Set<Promise<void>>();

  const checkOpen = (): void => {
    if (ending.signal.aborted) throw storageUnavailable('the store is closed');
  };

  return {
    bucket: settings.bucket,
    client,
    gate,
    /** Ends all requests once the store is closed. */
    signal: ending.signal,
    checkOpen,
    /** Runs one request, or some that follow each other, when there is room for it. Not to be nested. */
    run: <T>(work: (client: S3Client, options: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> =>
      gate.run(async () => {
        checkOpen();
        return work(client, { abortSignal: ending.signal });
      }),
    /** Work nobody waits for but `close`. Its failures are forgotten. */
    tidy: (work: Promise<unknown>): void => {
      const done = work.then(
        () => {},
        () => {},
      );
      tidying.add(done);
      done.finally(() => tidying.delete(done));
    },
    close: async (): Promise<void> => {
      ending.abort();
      await Promise.race([Promise.all(tidying), delay(TIDY_TIMEOUT, undefined, { ref: false })]);
      client.destroy();
    },
  };
};

export type Connection = ReturnType<typeof createConnection>;

/** S3 puts quotes around etags; here they are without. */
export const bareEtag = (etag: string | undefined): string => (etag ?? '').replace(/^"(.*)"$/, '$1');
