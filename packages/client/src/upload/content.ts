/** Something to upload. It may be read more than once: every try reads it anew. */
export type Content = {
  /** Bytes. Announced before they are sent, so reading must come to exactly this many. */
  readonly size: number;
  /** All of it, for contents small enough to be held in memory. */
  whole(): Promise<Uint8Array<ArrayBuffer>>;
  /** Piece by piece. Where the size does not hold, or it cannot be read, it throws UnreadableContent. */
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

export type UploadBody = string | Uint8Array<ArrayBuffer> | Blob | FilePath;

/** Text is sent as UTF-8. */
export const contentInMemory = (body: Exclude<UploadBody, FilePath>): Content => {
  if (body instanceof Blob) {
    return {
      size: body.size,
      blob: body,
      whole: async () => new Uint8Array(await body.arrayBuffer().catch(unreadable)),
      chunks: async function* () {
        try {
          yield* body.stream();
        } catch (error) {
          unreadable(error);
        }
      },
    };
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

const unreadable = (cause: unknown): never => {
  throw new UnreadableContent('It cannot be read, or has changed.', { cause });
};
