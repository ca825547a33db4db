import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { UploadEvents } from '../../uploads/intake.ts';
import { createPartBuffer } from '../remote/part-buffer.ts';
import type { RemoteWriter } from '../remote/relay.ts';
import type { Slots } from '../remote/slots.ts';
import { bareEtag, type Connection } from './connection.ts';
import { isMissing } from './errors.ts';
import { createMultipart, type Multipart } from './multipart.ts';

/** Up to here a body is kept as it comes, whatever the number of uploads. */
const SMALL_BYTES = 128 * 1024;

/** Chunks of a small body to hold before they are joined. */
const MAX_CHUNKS = 32;

/**
 * Puts after one that is told that something is missing: to a store whose keys are paths, that may be the folder, taken away
 * with the last object in it while this one came.
 */
const PUTS_AGAIN = 2;

/** Parts of one body under way at a time. */
const PARTS_AT_ONCE = 2;

export type WriterContext = {
  connection: Connection;
  /** Larger bodies go through these, each with the memory of `PARTS_AT_ONCE` + 1 parts. */
  slots: Slots;
  /** Bytes of a part, the last one aside. */
  partBytes: number;
};

type WrittenObject = Awaited<ReturnType<RemoteWriter['commit']>>;

/**
 * A body goes into the bucket in one request if it fits into a part, else in parts.
 * @param permit asked before a large body is sent, and before any becomes visible; rejects where it may not
 */
export const createObjectWriter = (
  { connection, slots, partBytes }: WriterContext,
  key: string,
  events: UploadEvents,
  permit: () => Promise<void> = async () => {},
): RemoteWriter => {
  const parts = createPartBuffer(partBytes);
  let state: 'small' | 'waiting' | 'large' | 'ended' = 'small';
  let small: Buffer[] = [];
  let size = 0;
  let sending = 0;
  let paused = false;
  let failure: { error: unknown } | undefined;
  let multipart: Multipart | undefined;
  let leaveSlot = (): void => {};

  const fail = (error: unknown): void => {
    if (state === 'ended') return;
    state = 'ended';
    failure = { error };
    events.failed(error);
  };

  /** Sends what is ready, and lets the sender go on if there is room. */
  const proceed = (): void => {
    if (state !== 'large') return;
    while (parts.isFull() && sending < PARTS_AT_ONCE) {
      sending++;
      multipart ??= createMultipart(connection, key);
      multipart.add(parts.take()).then(() => {
        sending--;
        proceed();
      }, fail);
    }
    if (paused && !parts.isFull()) {
      paused = false;
      events.drained();
    }
  };

  const becomeLarge = (): void => {
    if (state !== 'waiting') return;
    state = 'large';
    for (const chunk of small) parts.add(chunk);
    small = [];
    proceed();
  };

  const awaitSlot = async (): Promise<void> => {
    state = 'waiting';
    try {
      await permit();
    } catch (error) {
      fail(error);
    }
    if (state === 'waiting') leaveSlot = slots.take(becomeLarge);
  };

  const putWhole = async (): Promise<WrittenObject> => {
    const Body = parts.isEmpty() ? Buffer.concat(small) : parts.take();
    for (let left = PUTS_AGAIN; ; left--) {
      try {
        const { ETag } = await connection.run((client) =>
          client.send(new PutObjectCommand({ Bucket: connection.bucket, Key: key, Body })),
        );
        return { etag: bareEtag(ETag), size };
      } catch (error) {
        if (left === 0 || !isMissing(error)) throw error;
      }
    }
  };

  const putRest = async (): Promise<WrittenObject> => {
    multipart ??= createMultipart(connection, key);
    while (!parts.isEmpty()) await multipart.add(parts.take());
    return { etag: await multipart.complete(), size };
  };

  const abort = async (): Promise<void> => {
    state = 'ended';
    small = [];
    parts.clear();
    await multipart?.abort();
    multipart = undefined;
    leaveSlot();
  };

  return {
    write: (chunk) => {
      size += chunk.length;
      if (state === 'ended') return true;
      if (state === 'large') parts.add(chunk);
      else {
        small.push(chunk);
        if (small.length > MAX_CHUNKS) small = [Buffer.concat(small)];
        if (state === 'small' && size > SMALL_BYTES) void awaitSlot();
      }
      proceed();
      paused = paused || state === 'waiting' || parts.isFull();
      return !paused;
    },
    commit: async () => {
      if (failure !== undefined) throw failure.error;
      state = 'ended';
      try {
        await permit();
        return await (multipart === undefined && parts.fits() ? putWhole() : putRest());
      } catch (error) {
        await abort();
        throw error;
      } finally {
        small = [];
        leaveSlot();
      }
    },
    abort,
  };
};
