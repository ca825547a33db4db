import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';

/** Bytes that may wait to be written before the sender is asked to pause. */
const HIGH_WATER = 512 * 1024;

/** What holding a chunk costs besides its bytes, roughly: a sender of single bytes must not get around the limit. */
const CHUNK_COST = 256;

/**
 * Bytes after which what is written is sent on to the disk. Left to the end, a large file's fsync would take many
 * seconds, and file systems make the fsyncs of others wait for it.
 */
const SYNC_EVERY = 32 * 1024 * 1024;

export type BodyFileEvents = {
  /** There is room again after `write` said no. */
  drained(): void;
  /** The disk refused. Called once, at once; nothing can be written any more. */
  failed(error: unknown): void;
};

export type BodyFile = {
  /** Takes over the chunk. False: wait for `drained` before writing more. */
  write(chunk: Buffer): boolean;
  /** Makes what was written durable under its final path; resolves to its MD5 in hex. Rejects with what failed. */
  finish(): Promise<string>;
  /** Leaves nothing behind. */
  abort(): void;
};

/**
 * A large body on its way to disk: a temporary name, write, fsync, rename, fsync of the folder. Chunks are written as
 * they are, many in one call, one call at a time, so that memory is bounded and nothing is copied.
 */
export const createBodyFile = (
  paths: { temporary: string; final: string },
  folder: FileHandle,
  events: BodyFileEvents,
): BodyFile => {
  const md5 = createHash('md5');
  let queue: Buffer[] = [];
  let queued = 0;
  let state: 'open' | 'finished' | 'aborted' = 'open';
  let renamed = false;
  let wake = () => {};

  const writeAll = async (file: FileHandle): Promise<void> => {
    let position = 0;
    let synced = 0;
    for (;;) {
      if (state === 'aborted') return;
      if (queue.length === 0) {
        if (state === 'finished') return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      const chunks = queue;
      const wasFull = queued >= HIGH_WATER;
      queue = [];
      queued = 0;
      if (wasFull) events.drained();
      position += await writeChunks(file, chunks, position);
      if (position - synced >= SYNC_EVERY) {
        await file.datasync();
        synced = position;
      }
    }
  };

  const run = async (): Promise<void> => {
    const file = await open(paths.temporary, 'wx', 0o600);
    try {
      await file.chmod(0o600); // whatever the umask
      await writeAll(file);
      if (state === 'finished') await file.sync();
    } finally {
      await file.close();
    }
    if (state === 'aborted') return unlink(paths.temporary);
    await rename(paths.temporary, paths.final);
    renamed = true;
    await folder.sync();
  };

  const done = run().catch(async (error) => {
    await unlink(renamed ? paths.final : paths.temporary).catch(() => {});
    if (state === 'open') events.failed(error);
    state = 'aborted';
    throw error;
  });
  done.catch(() => {});

  return {
    write: (chunk) => {
      if (state !== 'open') return true;
      md5.update(chunk);
      queue.push(chunk);
      queued += chunk.length + CHUNK_COST;
      wake();
      return queued < HIGH_WATER;
    },
    finish: async () => {
      if (state === 'open') state = 'finished';
      wake();
      await done;
      return md5.digest('hex');
    },
    abort: () => {
      state = 'aborted';
      queue = [];
      wake();
    },
  };
};

/** One call may write less than all, on a disk that is nearly full above all. */
const writeChunks = async (file: FileHandle, chunks: Buffer[], position: number): Promise<number> => {
  let at = position;
  for (let rest = chunks; rest.length > 0; ) {
    const { bytesWritten } = await file.writev(rest, at);
    at += bytesWritten;
    rest = dropBytes(rest, bytesWritten);
  }
  return at - position;
};

const dropBytes = (chunks: Buffer[], bytes: number): Buffer[] => {
  let left = bytes;
  for (const [index, chunk] of chunks.entries()) {
    if (left < chunk.length) return [chunk.subarray(left), ...chunks.slice(index + 1)];
    left -= chunk.length;
  }
  return [];
};
