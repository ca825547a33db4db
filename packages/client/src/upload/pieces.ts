import { orAborted } from '../or-aborted.ts';

/** Pieces of text, sent as UTF-8, or of bytes: a stream, a generator, the body of a reply. */
export type Pieces = AsyncIterable<string | Uint8Array> | ReadableStream<string | Uint8Array>;

export const isPieces = (value: object): value is Pieces =>
  Symbol.asyncIterator in value || 'getReader' in value;

const UTF8 = new TextEncoder();

export async function* bytesOf(pieces: Pieces): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of iterable(pieces)) yield typeof piece === 'string' ? UTF8.encode(piece) : piece;
}

/** All pieces, in one; rejects with the signal's reason even where the next piece never comes. */
export const collect = (pieces: Pieces, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> =>
  orAborted(collectAll(pieces, signal), signal);

const collectAll = async (pieces: Pieces, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytesOf(pieces)) {
    signal?.throwIfAborted(); // nobody wants the rest of a stream that is only slow
    chunks.push(chunk);
    length += chunk.length;
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
};

/** Not every browser can iterate over a stream. */
const iterable = (pieces: Pieces): AsyncIterable<string | Uint8Array> =>
  Symbol.asyncIterator in pieces ? pieces : readToEnd(pieces);

async function* readToEnd(stream: ReadableStream<string | Uint8Array>) {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {}); // whoever stops early wants no more of it
  }
}
