import { Readable } from 'node:stream';
import { GetObjectCommand, type GetObjectCommandInput, type S3Client } from '@aws-sdk/client-s3';
import type { ByteRange, SmallBody, SmallObject } from '../../service/ports/objects.ts';
import { bareEtag, type Connection } from './connection.ts';
import { runEach } from './each.ts';
import { asStoreError, isMissing } from './errors.ts';

/** How often in a row a body may break off without a byte more, before reading it has failed. */
const MAX_BREAKS = 3;

/** An object whose bytes are on their way. */
type Opened = {
  etag: string | undefined;
  /** Bytes to come. */
  length: number;
  body: Readable;
};

/** The bytes of one object, or of a range within its size; undefined where there is none. */
export const readObject = async (
  connection: Connection,
  key: string,
  range?: ByteRange,
): Promise<Readable | undefined> => {
  const first = await connection.run((client) => open(connection, client, key, range));
  if (first === undefined) return undefined;
  let current = first.body;
  const bytes = resume(connection, key, first, range?.start ?? 0, (body) => {
    current = body;
  });
  const stream = Readable.from(bytes, { objectMode: false });
  // A reader who leaves would otherwise hold the connection until the store's next byte.
  stream.once('close', () => current.destroy());
  return stream;
};

/** Bodies of small objects, as the port has them. */
export const readObjects = async (
  connection: Connection,
  objects: readonly SmallObject[],
  maxBytes: number,
): Promise<Map<string, SmallBody>> => {
  const bodies = await runEach(
    connection,
    objects,
    async (client, { key, etag }): Promise<SmallBody | undefined> => {
      const opened = await open(connection, client, key);
      if (opened === undefined) return undefined;
      if (etag && bareEtag(opened.etag) !== etag) {
        opened.body.destroy();
        return 'changed';
      }
      if (opened.length > maxBytes) {
        opened.body.destroy();
        return 'too_large';
      }
      const chunks: Buffer[] = [];
      for await (const chunk of resume(connection, key, opened, 0)) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
  );
  const found = new Map<string, SmallBody>();
  for (const [at, { key }] of objects.entries()) {
    const body = bodies[at];
    if (body !== undefined) found.set(key, body);
  }
  return found;
};

const open = async (
  connection: Connection,
  client: S3Client,
  key: string,
  range?: ByteRange,
  etag?: string,
): Promise<Opened | undefined> => {
  const input: GetObjectCommandInput = {
    Bucket: connection.bucket,
    Key: key,
    ...(range !== undefined && { Range: `bytes=${range.start}-${range.end}` }),
    ...(etag !== undefined && { IfMatch: etag }),
  };
  try {
    const answer = await client.send(new GetObjectCommand(input), connection.quick);
    return { etag: answer.ETag, length: answer.ContentLength ?? 0, body: answer.Body as Readable };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** The bytes that were opened. Where the connection breaks, it goes on from there, on the very same object. */
async function* resume(
  connection: Connection,
  key: string,
  { etag, length, body: first }: Opened,
  start: number,
  onBody?: (body: Readable) => void,
): AsyncGenerator<Buffer> {
  let body = first;
  let received = 0;
  let breaks = 0;
  for (;;) {
    let cause: unknown = 'the body ended early';
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        received += chunk.length;
        breaks = 0;
        yield chunk;
      }
    } catch (error) {
      cause = error;
    }
    if (received >= length) return;
    breaks++;
    if (breaks > MAX_BREAKS) throw asStoreError(cause);
    try {
      const rest = { start: start + received, end: start + length - 1 };
      const opened = await open(connection, connection.client, key, rest, etag);
      if (opened === undefined) throw cause;
      body = opened.body;
      onBody?.(body);
    } catch (error) {
      throw asStoreError(error);
    }
  }
}
