import { lstat, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sidecarNameOf } from '@sluice/contract';
import { localSegments, numbered } from './local-name.ts';

/** Files that were made, empty, for a download; nothing else was there before. */
export type Place = { path: string; sidecarPath: string | null };

/**
 * Makes the files a download goes to, below a folder and never outside of it, over links neither, and under a name
 * that was free: what is there stays as it is.
 */
export const reservePlace = async (folder: string, name: string, withSidecar: boolean): Promise<Place> => {
  const segments = localSegments(name);
  const own = segments.pop() as string;
  let parent = folder;
  for (const segment of segments) parent = await realFolder(parent, segment);
  for (let number = 0; ; number++) {
    const path = join(parent, numbered(own, number));
    if (!(await created(path))) continue;
    if (!withSidecar) return { path, sidecarPath: null };
    const sidecarPath = sidecarNameOf(path);
    if (await created(sidecarPath)) return { path, sidecarPath };
    await rm(path);
  }
};

/** A folder of that name, or of the next number where something else has it. A link could lead anywhere. */
const realFolder = async (parent: string, segment: string): Promise<string> => {
  for (let number = 0; ; number++) {
    const path = join(parent, numbered(segment, number));
    try {
      await mkdir(path);
      return path;
    } catch (error) {
      if (!isTaken(error)) throw error;
      if ((await lstat(path)).isDirectory()) return path;
    }
  }
};

const created = async (path: string): Promise<boolean> => {
  try {
    await (await open(path, 'wx')).close();
    return true;
  } catch (error) {
    // Where names differ in case only, or a folder has the name, it is taken just as well.
    if (isTaken(error)) return false;
    throw error;
  }
};

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EEXIST' || error.code === 'EISDIR');
