import { setTimeout as delay } from 'node:timers/promises';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { bareEtag, type Connection } from './connection.ts';
import { isNoSuchUpload } from './errors.ts';

/** Milliseconds that parts on their way get to arrive before they are cut off. */
const ARRIVAL_TIMEOUT = 3_000;

/**
 * An upload in parts: nothing of it is visible before `complete`, and nothing stays after `abort`. Begun with the first
 * part.
 */
export const createMultipart = (connection: Connection, key: string) => {
  const target = { Bucket: connection.bucket, Key: key };
  const aborting = new AbortController();
  const abortSignal = aborting.signal;
  const parts: Promise<string>[] = [];
  let upload: Promise<string> | undefined;
  let ended = false;
  let bytes = 0;

  const begin = async (): Promise<string> => {
    // Not to be aborted: whether there is an upload would not be known, nor its id.
    const { UploadId } = await connection.run((client) =>
      client.send(new CreateMultipartUploadCommand({ ...target })),
    );
    if (UploadId === undefined) throw new Error('the store began an upload without an id');
    return UploadId;
  };

  const send = async (body: Buffer, number: number): Promise<string> => {
    upload ??= begin();
    const UploadId = await upload;
    const { ETag } = await connection.run(async (client) => {
      if (ended) throw new Error('the upload has ended');
      return client.send(new UploadPartCommand({ ...target, UploadId, PartNumber: number, Body: body }), {
        abortSignal,
      });
    });
    if (ETag === undefined) throw new Error('the store took a part without an etag');
    return ETag;
  };

  const abort = async (): Promise<void> => {
    connection.unfinished.delete(abort);
    ended = true;
    // A part that arrived after the end of its upload would stay, and of one that is cut off nobody knows when the store
    // is done with it.
    await Promise.race([Promise.allSettled(parts), delay(ARRIVAL_TIMEOUT, undefined, { ref: false })]);
    aborting.abort();
    await Promise.allSettled(parts);
    try {
      const UploadId = await upload;
      if (UploadId === undefined) return;
      await connection.client.send(new AbortMultipartUploadCommand({ ...target, UploadId }));
    } catch {
      // the sweep takes it, a day later
    }
  };
  connection.unfinished.add(abort);

  return {
    /** Sends the next part. All but the last have one size. */
    add: (body: Buffer): Promise<unknown> => {
      bytes += body.length;
      const part = send(body, parts.length + 1);
      part.catch(() => {}); // told by what is returned, and by `complete`
      parts.push(part);
      return part;
    },

    /** Resolves to the etag once the object is whole and visible. */
    complete: async (): Promise<string> => {
      const Parts = (await Promise.all(parts)).map((ETag, at) => ({ ETag, PartNumber: at + 1 }));
      const UploadId = await upload;
      return connection.run(async (client) => {
        try {
          const answer = await client.send(
            new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }),
            { abortSignal },
          );
          connection.unfinished.delete(abort);
          return bareEtag(answer.ETag);
        } catch (error) {
          if (!isNoSuchUpload(error)) throw error;
          // Completed by a request whose answer got lost, if the object is there.
          const head = await client.send(new HeadObjectCommand(target), {
            ...connection.quick,
            abortSignal,
          });
          const etag = bareEtag(head.ETag);
          if (head.ContentLength !== bytes || !etag.endsWith(`-${Parts.length}`)) throw error;
          connection.unfinished.delete(abort);
          return etag;
        }
      });
    },

    /** Ends the upload and frees what was sent. Never rejects; what cannot be aborted is for the sweep. */
    abort,
  };
};

export type Multipart = ReturnType<typeof createMultipart>;
