import { randomBytes } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Outage } from '../domain/failures/outage.ts';

/** Bytes there must be room for. */
const ROOM = 64 * 1024;

/**
 * Milliseconds for which a good answer counts: whoever asks, without a key, makes the disk write no more often. A bad one
 * costs next to nothing, and is over as soon as it can be.
 */
const KEPT = 1000;

/**
 * Tries whether folders can be written to, by writing: a full disk, a quota, a file system that has become read-only are
 * seen by nothing else for sure.
 * @throws STORAGE_UNAVAILABLE with what is wrong
 */
export const createDiskProbe = (folders: readonly string[]): (() => Promise<void>) => {
  let asked = Number.NEGATIVE_INFINITY;
  let answer = Promise.resolve();
  return () => {
    const now = performance.now();
    if (now - asked < KEPT) return answer;
    asked = now;
    answer = (async () => {
      for (const folder of folders) await tryToWrite(folder);
    })();
    answer.catch(() => {
      asked = Number.NEGATIVE_INFINITY;
    });
    return answer;
  };
};

const tryToWrite = async (folder: string): Promise<void> => {
  const path = join(folder, `probe-${randomBytes(4).toString('hex')}`);
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(Buffer.alloc(ROOM));
      await file.sync();
    } finally {
      await file.close();
      await unlink(path).catch(() => {});
    }
  } catch (cause) {
    throw new Outage('database', reasonOf(cause), cause);
  }
};

const reasonOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? 'The data folder cannot be written to.';
};

const REASONS: Record<string, string> = {
  ENOSPC: 'The disk of the data folder is full.',
  EDQUOT: 'The disk quota of the data folder is used up.',
  EROFS: 'The file system of the data folder is read-only.',
};
