import { lstat, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { numbered } from './local-name.ts';

/** Places of one name that are tried; a folder that has taken them all is no place for further ones. */
export const MOST_NUMBERS = 10_000;

/**
 * Makes a folder and those it is in. Not by `mkdir` with `recursive`: where the file system answers ENOENT for a parent
 * that is there, as /proc does, that one never returns.
 */
export const makeFolder = async (folder: string): Promise<void> => {
  const path = resolve(folder);
  try {
    await mkdir(path);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path).catch((again: unknown) => {
      if (codeOf(again) !== 'EEXIST') throw again;
    });
  }
};

/** A folder of that name, or of the next number where something else has it. A link could lead anywhere. */
export const realFolder = async (parent: string, segment: string): Promise<string> => {
  for (let number = 0; number < MOST_NUMBERS; number++) {
    const path = join(parent, numbered(segment, number));
    try {
      await mkdir(path);
      return path;
    } catch (error) {
      if (!isTaken(error)) throw error;
      if ((await lstat(path)).isDirectory()) return path;
    }
  }
  throw new Error(`There is no free name like ${segment} in ${parent}`);
};

/** Where names differ in case only, or a folder has the name, it is taken just as well. */
export const isTaken = (error: unknown): boolean => codeOf(error) === 'EEXIST' || codeOf(error) === 'EISDIR';

export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;
