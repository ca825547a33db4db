import { setTimeout as delay } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { createGate } from '../remote/gate.ts';
import { storageUnavailable } from '../storage-unavailable.ts';
import { createS3Client } from './client.ts';
import type { S3Settings } from './settings.ts';

/** Milliseconds that closing waits for what is being tidied up; a sweep takes the rest a day later. */
const TIDY_TIMEOUT = 5_000;

export type ConnectionOptions = {
  /** Requests at a time, at most. */
  concurrency: number;
  attempts: number;
  /** Milliseconds until the answer to a reading or a listing must have begun. */
  answerTimeout: number;
  /** Milliseconds without a byte after which any request has failed. A copy of gigabytes may be silent for long. */
  idleTimeout: number;
};

/**
 * A bucket and the way to it.
 * @throws TypeError where the settings contradict each other
 */
export const createConnection = (
  settings: S3Settings,
  { concurrency, attempts, answerTimeout, idleTimeout }: ConnectionOptions,
) => {
  let closed = false;
  const checkOpen = (): void => {
    if (closed) throw storageUnavailable('the store is closed');
  };
  const gate = createGate(concurrency);
  const client = createS3Client(settings, {
    connections: concurrency,
    attempts,
    idleTimeout,
    // An abort signal for each request would say the same, and cost a fifth of what a request costs.
    beforeAttempt: (command) => {
      if (command !== 'AbortMultipartUploadCommand') checkOpen();
    },
    onOverload: gate.slowDown,
  });
  const tidying = new Set<Promise<void>>();
  const unfinished = new Set<() => Promise<void>>();

  /** Work nobody waits for but `close`. Its failures are forgotten. */
  const tidy = (work: Promise<unknown>): void => {
    const done = work.then(
      () => {},
      () => {},
    );
    tidying.add(done);
    done.finally(() => tidying.delete(done));
  };

  return {
    bucket: settings.bucket,
    client,
    gate,
    /** To be given with each request that asks the store for no work, so that one that hangs is found soon. */
    quick: { requestTimeout: answerTimeout },
    /** @throws DomainError STORAGE_UNAVAILABLE once the store is closed */
    checkOpen,
    /** Runs one request, or some that follow each other, when there is room for it. Not to be nested. */
    run: <T>(work: (client: S3Client) => Promise<T>): Promise<T> => gate.run(() => work(client)),
    tidy,
    /** What is to be undone when the store closes, by calling each. */
    unfinished,
    /** Undoes what is half done, then ends all requests. */
    close: async (): Promise<void> => {
      closed = true;
      for (const undo of unfinished) tidy(undo());
      await Promise.race([Promise.all(tidying), delay(TIDY_TIMEOUT, undefined, { ref: false })]);
      client.destroy();
    },
  };
};

export type Connection = ReturnType<typeof createConnection>;

/** S3 puts quotes around etags; here they are without. */
export const bareEtag = (etag: string | undefined): string => (etag ?? '').replace(/^"(.*)"$/, '$1');
