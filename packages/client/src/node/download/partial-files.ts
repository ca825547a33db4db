import type { Stats } from 'node:fs';
import { constants, type FileHandle, lstat, mkdir, open, readdir, rm, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from './folders.ts';
import { localSegments } from './local-name.ts';
import { onlyRun } from './one-run.ts';

/** What has come of a file, kept apart from the finished ones until it is whole. No name of a file leads there. */
const FOLDER = '.sluice-partial';

/** Longest version that is read back, in bytes; what is longer was not written here. */
const MAX_ETAG_BYTES = 1024;

export type PartialFile = {
  path: string;
  handle: FileHandle;
  /** Bytes that are there. */
  size: number;
  /** The version they belong to; null where it is not known, and then they are of no use to a later run. */
  etag: string | null;
  setEtag(etag: string): Promise<void>;
  close(): Promise<void>;
  remove(): Promise<void>;
};

export type PartialFiles = {
  open(fileId: string): Promise<PartialFile>;
  /** The file is where it belongs: what a run that was killed just then has left of it goes. */
  forget(fileId: string): Promise<void>;
  /** Lets other runs in, and removes the folder unless something is left in it. */
  close(): Promise<void>;
};

/**
 * Whoever else writes into `root` may have put links there, before or meanwhile. None is followed: what is new is made
 * where nothing was, and what is gone on with is a file of one name in a folder that is where it was.
 */
export const partialFiles = async (root: string, signal: AbortSignal): Promise<PartialFiles> => {
  const folder = join(root, FOLDER);
  const { made, release } = await takeFolder(folder, signal);

  /** Closes what was opened where the folder is not the one it was: then it may be anywhere. */
  const inPlace = async (handle: FileHandle): Promise<FileHandle> => {
    const now = await lstat(folder).catch(() => null);
    if (now !== null && isSame(now, made)) return handle;
    await handle.close();
    throw new Error(`${folder} was changed by somebody else`);
  };

  /** A file of its own, or null where something has the name. */
  const make = async (path: string): Promise<FileHandle | null> => {
    const handle = await open(path, 'wx+').catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
      return null;
    });
    return handle && inPlace(handle);
  };
  /** What is there, if it is a file of one name. Anything else makes room. */
  const openPlain = async (path: string, flags: number): Promise<FileHandle | null> => {
    const found = await lstat(path).catch(() => null);
    if (found === null) return null;
    if (found.isFile() && found.nlink <= 1) {
      const handle = await inPlace(await open(path, flags | NO_LINK));
      if (isSame(await handle.stat(), found)) return handle;
      await handle.close();
      throw new Error(`${path} was changed by somebody else`);
    }
    await unlink(path);
    return null;
  };
  const mustMake = async (path: string): Promise<FileHandle> => {
    const handle = await make(path);
    if (handle === null) throw new Error(`${path} was changed by somebody else`);
    return handle;
  };
  const readEtag = async (path: string): Promise<string | null> => {
    const handle = await openPlain(path, constants.O_RDONLY);
    if (handle === null) return null;
    try {
      const { size } = await handle.stat();
      return size > MAX_ETAG_BYTES ? null : await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  };
  const writeEtag = async (path: string, etag: string): Promise<void> => {
    let handle = await make(path);
    if (handle === null) {
      await unlink(path);
      handle = await mustMake(path);
    }
    await handle.writeFile(etag).finally(() => handle.close());
  };

  const pathOf = (fileId: string) => join(folder, localSegments(fileId).join('_'));
  const left = new Set((await readdir(folder)).map((name) => join(folder, name)));

  return {
    forget: async (fileId) => {
      const path = pathOf(fileId);
      for (const one of [`${path}.etag`, path]) if (left.has(one)) await unlink(one).catch(() => {});
    },
    open: async (fileId) => {
      const path = pathOf(fileId);
      const etagPath = `${path}.etag`;
      let handle = await make(path);
      let etag: string | null = null;
      if (handle === null) {
        etag = await readEtag(etagPath);
        handle = (await openPlain(path, constants.O_RDWR)) ?? (await mustMake(path));
        if (etag === null) await handle.truncate(0);
      }
      return {
        path,
        handle,
        size: (await handle.stat()).size,
        etag,
        setEtag: (value) => writeEtag(etagPath, value),
        close: () => handle.close(),
        remove: async () => {
          await rm(etagPath, { force: true });
          await rm(path, { force: true });
        },
      };
    },
    close: async () => {
      await release();
      await rmdir(folder).catch(() => {});
    },
  };
};

/** Makes the folder of what is under way, for this run alone. A run that has just ended may take it away again. */
const takeFolder = async (folder: string, signal: AbortSignal) => {
  for (;;) {
    await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
    try {
      await folderAt(folder);
      const release = await onlyRun(folder, signal);
      return { release, made: await folderAt(folder) };
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }
};

const folderAt = async (path: string): Promise<Stats> => {
  const found = await lstat(path);
  if (!found.isDirectory()) throw new Error(`${path} is in the way: it is no folder`);
  return found;
};

const isSame = (one: Stats, other: Stats): boolean => one.dev === other.dev && one.ino === other.ino;

/** Where a system knows neither, what was looked at is compared with what was opened. */
const NO_LINK = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
