import type { IncomingMessage } from 'node:http';
import { DomainError } from '../domain/errors.ts';
import { boundaryOf } from '../uploads/multipart/boundary.ts';
import { MultipartError } from '../uploads/multipart/multipart-error.ts';
import { MultipartParser } from '../uploads/multipart/parser.ts';
import { MAX_HEADER_BYTES } from '../uploads/multipart/part-head.ts';

export type Part = {
  name: string;
  filename: string | undefined;
  /** The bytes as they come; what is not read is passed over. */
  body: AsyncIterable<Buffer>;
};

const LIMITS = { headerBytes: MAX_HEADER_BYTES, headers: 20, parts: 10 };

type Event =
  | { kind: 'begin'; name: string; filename: string | undefined }
  | { kind: 'data'; bytes: Buffer }
  | { kind: 'end' };

/**
 * The parts of a multipart/form-data request, one after the other, in whatever order they come. Reads no faster than
 * its caller does.
 * @throws DomainError NOT_MULTIPART, BAD_REQUEST
 */
export async function* readParts(request: IncomingMessage): AsyncGenerator<Part> {
  const events = readEvents(request);
  try {
    for (;;) {
      const { value: event, done } = await events.next();
      if (done) return;
      if (event.kind !== 'begin') continue;
      const body = readBody(events);
      yield { name: event.name, filename: event.filename, body };
      for await (const _ of body); // whatever the caller left
    }
  } finally {
    await events.return(undefined);
  }
}

async function* readBody(events: AsyncGenerator<Event>): AsyncGenerator<Buffer> {
  for (;;) {
    const { value: event, done } = await events.next();
    if (done || event.kind === 'end') return;
    if (event.kind === 'data') yield event.bytes;
  }
}

async function* readEvents(request: IncomingMessage): AsyncGenerator<Event> {
  try {
    const waiting: Event[] = [];
    const parser = new MultipartParser(
      boundaryOf(request.headers['content-type']),
      {
        partBegin: ({ name, filename }) => {
          waiting.push({ kind: 'begin', name, filename });
          return Number.POSITIVE_INFINITY;
        },
        partData: (bytes) => waiting.push({ kind: 'data', bytes }),
        partEnd: () => waiting.push({ kind: 'end' }),
        formEnd: () => {},
      },
      LIMITS,
    );
    // Not destroyed when reading stops early: the answer to a refused upload goes over the same connection.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      parser.write(chunk);
      yield* waiting.splice(0);
    }
    parser.end();
  } catch (error) {
    throw translate(error);
  } finally {
    discardRest(request);
  }
}

/**
 * A client that is still sending must be read for a while, or it would never see the answer that refuses its body. Who
 * watches the connection ends that.
 */
const discardRest = (request: IncomingMessage): void => {
  if (!request.complete && !request.destroyed) request.resume();
};

const translate = (error: unknown): unknown => {
  if (error instanceof MultipartError) {
    const code = error.code === 'NOT_MULTIPART' ? 'NOT_MULTIPART' : 'BAD_REQUEST';
    return new DomainError(code, error.message, { cause: error });
  }
  const interrupted = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
  return interrupted
    ? new DomainError('BAD_REQUEST', 'The upload was interrupted.', { cause: error })
    : error;
};
