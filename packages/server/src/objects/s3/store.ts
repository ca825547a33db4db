import { HOUR } from '../../domain/instant.ts';
import type { Clock } from '../../service/ports/clock.ts';
import type { ObjectStore } from '../../service/ports/objects.ts';
import type { Intake } from '../../uploads/intake.ts';
import { createRelay } from '../remote/relay.ts';
import { createSlots } from '../remote/slots.ts';
import { abortAbandoned } from './abandoned-parts.ts';
import { askBucket } from './bucket/ask-bucket.ts';
import { createConnection } from './connection.ts';
import { deleteObjects } from './delete.ts';
import { asUploadError, telling } from './errors.ts';
import { formTarget } from './form-target.ts';
import { countObjects, listObjects } from './list.ts';
import { moveObjects } from './move.ts';
import { putObject } from './put.ts';
import { readObject, readObjects } from './read.ts';
import { MAX_S3_OBJECT_BYTES, type S3Settings } from './settings.ts';
import { createObjectWriter } from './writer.ts';

/** An upload that began while its form was good may take this long. */
const LATENESS = 24 * HOUR;

/** The smallest part S3 takes, and the most parts of one object. */
const MIN_PART_BYTES = 5 * 1024 ** 2;
const MAX_PARTS = 10_000;

/** Milliseconds until a store that does not answer is called unreachable. */
const PING_TIMEOUT = 5_000;

export type S3ObjectStoreOptions = S3Settings & {
  clock: Clock;
  /** Whether a folder takes uploads still that come to us. */
  mayUpload?: (prefix: string) => Promise<boolean>;
  /** Bodies above 128 KiB taken at a time; each holds up to three parts in memory. */
  largeUploads?: number;
  maxSessionFileBytes?: number;
  /** Requests to the store at a time, at most. */
  concurrency?: number;
  /** Tries of one request. */
  attempts?: number;
  /** Milliseconds until the answer to a reading or a listing must have begun. */
  answerTimeout?: number;
  /** Milliseconds without a byte after which any request has failed. A copy of gigabytes may be silent for long. */
  idleTimeout?: number;
};

export type S3ObjectStore = ObjectStore &
  Intake & {
    /** What forms that lead straight to the bucket are signed for. */
    formTarget: (publicEndpoint: string | null) => ReturnType<typeof formTarget>;
  };

/**
 * Objects in a bucket of any store that speaks S3. The bucket must be there.
 * @throws TypeError, RangeError for options that cannot be
 */
export const createS3ObjectStore = ({
  clock,
  mayUpload = async () => true,
  largeUploads = 12,
  maxSessionFileBytes = MAX_S3_OBJECT_BYTES,
  concurrency = 64,
  attempts = 5,
  answerTimeout = 15_000,
  idleTimeout = 120_000,
  ...settings
}: S3ObjectStoreOptions): S3ObjectStore => {
  if (maxSessionFileBytes > MAX_S3_OBJECT_BYTES) {
    throw new RangeError(`S3 takes objects of at most ${MAX_S3_OBJECT_BYTES} bytes in one form`);
  }
  const connection = createConnection(settings, { concurrency, attempts, answerTimeout, idleTimeout });
  const context = {
    connection,
    clock,
    slots: createSlots(largeUploads),
    partBytes: Math.max(MIN_PART_BYTES, Math.ceil(maxSessionFileBytes / MAX_PARTS)),
  };
  const relay = createRelay({
    openWriter: (key, events, permit) => createObjectWriter(context, key, events, permit),
    mayUpload,
    asUploadError,
    tidy: connection.tidy,
  });

  return {
    lateness: LATENESS,
    begin: relay.begin,
    formTarget: (publicEndpoint) => formTarget(connection.client, settings, publicEndpoint),
    // A signature cannot be recalled: what comes after the listing is never ingested, and is swept.
    seal: async () => {},
    list: (prefix, page) => telling(() => listObjects(connection, prefix, page)),
    count: (prefix) => telling(() => countObjects(connection, prefix)),
    move: (moves) => telling(() => moveObjects(connection, moves)),
    readMany: (wanted, maxBytes) => telling(() => readObjects(connection, wanted, maxBytes)),
    read: (key, range) => telling(() => readObject(connection, key, range)),
    put: (key, body) => putObject(context, key, body),
    delete: (keys) => telling(() => deleteObjects(connection, keys)),
    abortAbandoned: (before, options) => telling(() => abortAbandoned(connection, before, options)),
    ping: () =>
      telling(async () => {
        connection.checkOpen();
        await askBucket(connection.client, settings.bucket, AbortSignal.timeout(PING_TIMEOUT));
      }),
    close: connection.close,
  };
};
