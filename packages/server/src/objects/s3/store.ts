import { HOUR } from '../../domain/instant.ts';
import type { Clock } from '../../service/ports/clock.ts';
import type { ObjectStore } from '../../service/ports/objects.ts';
import type { FormUploads } from '../../uploads/intake.ts';
import { createSlots } from '../remote/slots.ts';
import { abortAbandoned } from './abandoned-parts.ts';
import { askBucket } from './bucket/ask-bucket.ts';
import { createConnection } from './connection.ts';
import { deleteObjects } from './delete.ts';
import { telling } from './errors.ts';
import { createBucketForms } from './form.ts';
import { countObjects, listObjects } from './list.ts';
import { moveObjects } from './move.ts';
import { putObject } from './put.ts';
import { readObject, readObjects } from './read.ts';
import { createRelay } from './relay.ts';
import { MAX_S3_OBJECT_BYTES, type S3Settings } from './settings.ts';

/** An upload that began while its form was good may take this long. */
const LATENESS = 24 * HOUR;

/** The smallest part S3 takes, and the most parts of one object. */
const MIN_PART_BYTES = 5 * 1024 ** 2;
const MAX_PARTS = 10_000;

/** Milliseconds until a store that does not answer is called unreachable. */
const PING_TIMEOUT = 5_000;

export type UploadRoad =
  /** Forms lead straight to the bucket: bytes never pass through us. */
  | { kind: 'direct'; publicEndpoint: string | null }
  /** Forms lead to our endpoint, which streams to the bucket: for stores that take no forms. */
  | {
      kind: 'relay';
      publicUrl: () => string;
      /** Signs the forms, the same in all processes; null: the secret of the access key. */
      formSecret: string | null;
      mayUpload?: (prefix: string) => Promise<boolean>;
      /** Bodies above 128 KiB taken at a time; each holds up to three parts in memory. */
      largeUploads?: number;
    };

export type S3ObjectStoreOptions = S3Settings & {
  clock: Clock;
  uploadRoad: UploadRoad;
  maxObjectBytes?: number;
  /** Requests to the store at a time, at most. */
  concurrency?: number;
  /** Tries of one request. */
  attempts?: number;
  /** Milliseconds until the answer to a reading or a listing must have begun. */
  answerTimeout?: number;
  /** Milliseconds without a byte after which any request has failed. A copy of gigabytes may be silent for long. */
  idleTimeout?: number;
};

export type S3ObjectStore = ObjectStore & {
  /** Takes the files of our own form endpoint; null where forms lead to the bucket. */
  readonly formUploads: FormUploads | null;
};

/**
 * Objects in a bucket of any store that speaks S3. The bucket must be there.
 * @throws TypeError, RangeError for options that cannot be
 */
export const createS3ObjectStore = ({
  clock,
  uploadRoad,
  maxObjectBytes = MAX_S3_OBJECT_BYTES,
  concurrency = 64,
  attempts = 5,
  answerTimeout = 15_000,
  idleTimeout = 120_000,
  ...settings
}: S3ObjectStoreOptions): S3ObjectStore => {
  if (maxObjectBytes > MAX_S3_OBJECT_BYTES) {
    throw new RangeError(`S3 takes objects of at most ${MAX_S3_OBJECT_BYTES} bytes in one form`);
  }
  const { bucket, region } = settings;
  const secret = uploadRoad.kind === 'relay' ? (uploadRoad.formSecret ?? settings.secretAccessKey) : '';
  if (secret === null) throw new TypeError('Forms need a secret of their own where the access key has none');

  const connection = createConnection(settings, { concurrency, attempts, answerTimeout, idleTimeout });
  const context = {
    connection,
    clock,
    slots: createSlots((uploadRoad.kind === 'relay' ? uploadRoad.largeUploads : undefined) ?? 12),
    partBytes: Math.max(MIN_PART_BYTES, Math.ceil(maxObjectBytes / MAX_PARTS)),
  };
  const relay =
    uploadRoad.kind === 'relay'
      ? createRelay(context, {
          secret,
          bucket,
          region,
          publicUrl: uploadRoad.publicUrl,
          maxBytes: maxObjectBytes,
          clock,
          mayUpload: uploadRoad.mayUpload ?? (async () => true),
        })
      : null;
  const createUploadForm =
    relay?.createUploadForm ??
    createBucketForms({
      client: connection.client,
      settings,
      publicEndpoint: uploadRoad.kind === 'direct' ? uploadRoad.publicEndpoint : null,
      maxBytes: maxObjectBytes,
      clock,
    });

  return {
    lateness: LATENESS,
    formUploads: relay,
    createUploadForm,
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
        await askBucket(connection.client, bucket, AbortSignal.timeout(PING_TIMEOUT));
      }),
    close: connection.close,
  };
};
