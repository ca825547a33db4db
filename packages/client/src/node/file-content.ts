import { access, closeSync, constants, fstatSync, open, read, type Stats, stat } from 'node:fs';
import { promisify } from 'node:util';
import { type Content, UnreadableContent } from '../upload/planning/content.ts';
import { fsPath } from './local-path.ts';

const openDescriptor = promisify(open);

const PIECE_BYTES = 256 * 1024;

/**
 * By descriptors rather than file handles, which cost more memory than the small files they are opened for: of ten
 * thousand, some megabytes. What may wait for the disk is left to other threads; to ask an open file for its state, and to
 * close it, takes a tenth of what handing it over would.
 */
const fs = {
  /** Both in one, as a promise for each would double what a plan of many files leaves behind. */
  statReadable: (path: string): Promise<Stats> =>
    new Promise((resolve, reject) => {
      stat(fsPath(path), (statError, found) => {
        if (statError) return reject(statError);
        access(fsPath(path), constants.R_OK, (error) => (error ? reject(error) : resolve(found)));
      });
    }),
  open: (path: string): Promise<number> => openDescriptor(fsPath(path), 'r'),
  read: (descriptor: number, into: Uint8Array, at: number): Promise<number> =>
    new Promise((resolve, reject) => {
      read(descriptor, into, at, into.length - at, null, (error, count) =>
        error ? reject(error) : resolve(count),
      );
    }),
};

/**
 * A file on disk, opened anew for every try. Its size and the time of its last change are taken now; one that has others
 * before or after it is read is not sent, since nobody could tell which state of it arrived.
 * @throws UnreadableContent
 */
export const openFile = async (path: string): Promise<Content> => {
  const found = await fs.statReadable(path).catch((error: unknown) => unreadable(error, path));
  if (!found.isFile()) throw new UnreadableContent('It is no file.');
  return new FileContent(path, found.size, found.mtimeMs);
};

/** A class, since an upload holds one for every file and sidecar: ten thousands share its methods. */
class FileContent implements Content {
  readonly path: string;
  readonly size: number;
  readonly changedAt: number;

  constructor(path: string, size: number, changedAt: number) {
    this.path = path;
    this.size = size;
    this.changedAt = changedAt;
  }

  async whole(): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(this.size);
    await this.reading(async (descriptor) => {
      for (let at = 0; at < this.size; ) {
        const count = await fs.read(descriptor, bytes, at);
        if (count === 0) break; // shorter now, which the check finds
        at += count;
      }
    });
    return bytes;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    const descriptor = await fs.open(this.path).catch(unreadable);
    try {
      this.check(descriptor);
      const piece = new Uint8Array(Math.min(this.size, PIECE_BYTES));
      for (let left = this.size; left > 0; ) {
        const count = await fs.read(descriptor, piece, 0).catch(unreadable);
        if (count === 0 || count > left) throw changed();
        left -= count;
        yield piece.subarray(0, count);
      }
      this.check(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  async reading(work: (descriptor: number) => Promise<void>): Promise<void> {
    const descriptor = await fs.open(this.path).catch(unreadable);
    try {
      await work(descriptor).catch(unreadable);
      this.check(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  /** The path may lead to another file by now, too. */
  check(descriptor: number): void {
    const now = stateOf(descriptor);
    if (now.size !== this.size || now.mtimeMs !== this.changedAt) throw changed();
  }
}

const stateOf = (descriptor: number): Stats => {
  try {
    return fstatSync(descriptor);
  } catch (error) {
    return unreadable(error);
  }
};

const changed = () => new UnreadableContent('It changed while it was read.');

const unreadable = (cause: unknown, path = ''): never => {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOENT' && path.includes('\ufffd')) throw new UnreadableContent(LOSSY, { cause });
  throw new UnreadableContent(WORDS[code] ?? `It cannot be read (${code || String(cause)}).`, { cause });
};

/** Who gives such a path has read a name that is no UTF-8 as if it were. */
const LOSSY =
  'It does not exist; its \ufffd may stand for bytes that are no UTF-8. Give the folder it is in, or a path of scanDirectory.';

const WORDS: Record<string, string> = {
  ENOENT: 'It does not exist.',
  EACCES: 'Reading it is not permitted.',
  EPERM: 'Reading it is not permitted.',
  EISDIR: 'It is no file.',
};
