import { kindOf } from '../../json/json-text.ts';
import { bytesOf, collect, isPieces, NoPiece, type Pieces } from './pieces.ts';

/** Something to upload. It may be read more than once: every try reads it anew. */
export type Content = {
  /** Bytes. Announced before they are sent, so reading must come to exactly this many. */
  readonly size: number;
  /** All of it, for contents small enough to be held in memory. */
  whole(): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Piece by piece; a piece holds until the next is asked for. Where the size does not hold, or it cannot be read, it
   * throws UnreadableContent.
   */
  chunks(): AsyncIterable<Uint8Array>;
  /** Where it is one already: browsers send it without reading it into memory. */
  readonly blob?: Blob;
};

/** A content that cannot be read, or that changed while it was read. Trying again does not help. */
export class UnreadableContent extends Error {
  override readonly name = 'UnreadableContent';
}

/** A file on disk, where there is one: in Node. */
export type FilePath = { path: string };

/** Something of known size, in bytes, that can be opened again for every try and is never held in memory as a whole. */
export type Openable = { size: number; open: () => Pieces | Promise<Pieces> };

/**
 * What is uploaded. Text is sent as UTF-8. Bare pieces are read into memory when the plan is made, since their size has
 * to be announced and they may have to be sent twice; for large ones give an Openable.
 */
export type UploadBody = string | Uint8Array<ArrayBuffer> | Blob | FilePath | Openable | Pieces;

/**
 * Everything but a path, which only some platforms can open.
 * @throws UnreadableContent, or the signal's reason
 */
export const openContent = async (
  body: Exclude<UploadBody, FilePath>,
  signal?: AbortSignal,
): Promise<Content> => {
  const problem = bodyProblem(body);
  if (problem !== null) throw new UnreadableContent(problem);
  if (typeof body === 'string' || body instanceof Uint8Array || body instanceof Blob)
    return contentInMemory(body);
  if (!isPieces(body)) return contentOpenedAnew(body);
  const bytes = await collect(body, signal).catch((error: unknown) => {
    signal?.throwIfAborted();
    return unreadable(error);
  });
  return contentInMemory(bytes);
};

/** Streams of files have a `path` and an `open` as well, and what they read may be a part of the file. */
export const isPath = (body: UploadBody): body is FilePath =>
  typeof body === 'object' &&
  body !== null &&
  !(body instanceof Blob) &&
  !isPieces(body) &&
  'path' in body &&
  typeof body.path === 'string';

/** What is wrong with a body that is to be read here, in a sentence; null where nothing is. */
const bodyProblem = (body: unknown): string | null => {
  if (typeof body === 'string') return body.isWellFormed() ? null : HALF_A_PAIR;
  if (body instanceof Uint8Array || body instanceof Blob) return null;
  if (typeof body !== 'object' || body === null) return `${NO_BODY} it is ${kindOf(body)}.`;
  if (isPieces(body)) return null;
  if (!('open' in body && 'size' in body)) return `${NO_BODY} it is ${kindOf(body)}.`;
  if (typeof body.open !== 'function') return `Its open must be a function; it is ${kindOf(body.open)}.`;
  const isSize = Number.isSafeInteger(body.size) && (body.size as number) >= 0;
  return isSize ? null : `Its size must be a whole number of bytes; it is ${kindOf(body.size)}.`;
};

const NO_BODY =
  'Its body must be a text, a Uint8Array, a Blob, { path }, { size, open } or a stream of texts or bytes;';
const HALF_A_PAIR = 'Its text holds half of a surrogate pair, which UTF-8 has no form for.';

export const contentInMemory = (body: string | Uint8Array<ArrayBuffer> | Blob): Content => {
  if (body instanceof Blob) {
    const { whole, chunks } = contentOpenedAnew({ size: body.size, open: () => body.stream() });
    return { size: body.size, blob: body, whole, chunks };
  }
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return {
    size: bytes.byteLength,
    whole: async () => bytes,
    chunks: async function* () {
      yield bytes;
    },
  };
};

const contentOpenedAnew = ({ size, open }: Openable): Content => {
  const chunks = async function* () {
    let read = 0;
    try {
      for await (const chunk of bytesOf(await open())) {
        read += chunk.length;
        if (read > size) break;
        yield chunk;
      }
    } catch (error) {
      unreadable(error);
    }
    if (read !== size) throw new UnreadableContent('It has another size than was said.');
  };
  return { size, chunks, whole: () => collect(chunks()) };
};

const unreadable = (cause: unknown): never => {
  const message = cause instanceof NoPiece ? cause.message : 'It cannot be read, or has changed.';
  throw new UnreadableContent(message, { cause });
};
