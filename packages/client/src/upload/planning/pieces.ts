import { kindOf } from '../../json/json-text.ts';
import { orAborted } from '../../or-aborted.ts';

/** Pieces of text, sent as UTF-8, or of bytes: a stream, a generator, the body of a reply. */
export type Pieces = AsyncIterable<string | Uint8Array> | ReadableStream<string | Uint8Array>;

export const isPieces = (value: object): value is Pieces =>
  Symbol.asyncIterator in value || 'getReader' in value;

const UTF8 = new TextEncoder();

/** What no piece can be; the message is one sentence. */
export class NoPiece extends TypeError {}

/** @throws NoPiece, or whatever the pieces throw */
export async function* bytesOf(pieces: Pieces): AsyncGenerator<Uint8Array, void, undefined> {
  let half = ''; // of a character of which the next piece has the other half
  for await (const piece of iterable(pieces)) {
    if (typeof piece === 'string') {
      const text = half + piece;
      half = /[\ud800-\udbff]$/.exec(text)?.[0] ?? '';
      yield encoded(text.slice(0, text.length - half.length));
    } else {
      if (!(piece instanceof Uint8Array))
        throw new NoPiece(`Its pieces must be texts or Uint8Arrays; one is ${kindOf(piece)}.`);
      if (half !== '') encoded(half);
      yield piece;
    }
  }
  if (half !== '') encoded(half);
}

const encoded = (text: string): Uint8Array => {
  if (!text.isWellFormed())
    throw new NoPiece('Its text holds half of a surrogate pair, which UTF-8 has no form for.');
  return UTF8.encode(text);
};

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
