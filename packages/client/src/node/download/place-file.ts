import { link, lstat, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sidecarNameOf } from '@sluice/contract/plain';
import { codeOf, isTaken, MOST_NUMBERS, realFolder } from './folders.ts';
import { localSegments, numbered } from './local-name.ts';

/** Where a file of a workspace goes: a folder that is there, and the name it has in it unless that is taken. */
export type Target = {
  folder: string;
  name: string;
  /** All of them that are the name's, the outermost first. */
  folders: string[];
};

/** Makes the folders of a name, below `root` and never outside of it, nor over links. */
export const targetOf = async (root: string, name: string): Promise<Target> => {
  const segments = localSegments(name);
  const own = segments.pop() as string;
  const folders: string[] = [];
  let folder = root;
  for (const segment of segments) {
    folder = await realFolder(folder, segment);
    folders.push(folder);
  }
  return { folder, name: own, folders };
};

/** The target, or another where somebody has put something else, such as a link, in the place of one of its folders. */
export const targetStill = async (target: Target, root: string, name: string): Promise<Target> => {
  for (const folder of target.folders) {
    if (!(await lstat(folder).catch(() => null))?.isDirectory()) return targetOf(root, name);
  }
  return target;
};

/** One of the names a file may have got in an earlier run, with a file of that size; null where there is none. */
export const findSaved = async (
  { folder, name }: Target,
  size: number,
  claimed: Set<string>,
): Promise<string | null> => {
  for (let number = 0; number < MOST_NUMBERS; number++) {
    const path = join(folder, numbered(name, number));
    const found = await lstat(path).catch(() => null);
    if (found === null && (await lstat(sidecarNameOf(path)).catch(() => null)) === null) return null;
    if (!found?.isFile() || found.size !== size || claimed.has(path)) continue;
    claimed.add(path);
    return path;
  }
  return null;
};

/**
 * Gives a finished file its name, or the next number that is free with its sidecar: nothing is ever written over.
 * @returns its path
 */
export const placeFile = async (
  finished: string,
  { folder, name }: Target,
  sidecar: string | null,
): Promise<string> => {
  for (let number = 0; number < MOST_NUMBERS; number++) {
    const path = join(folder, numbered(name, number));
    const sidecarPath = sidecarNameOf(path);
    if (sidecar !== null && !(await created(sidecarPath, sidecar))) continue;
    if (await named(finished, path)) return path;
    if (sidecar !== null) await rm(sidecarPath);
  }
  throw new Error(`There is no free name like ${name} in ${folder}`);
};

const created = async (path: string, text: string): Promise<boolean> => {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
};

/** A link cannot replace what is there, as a rename would. */
const named = async (finished: string, path: string): Promise<boolean> => {
  try {
    await link(finished, path);
    await rm(finished);
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    if (!WITHOUT_LINKS.has(codeOf(error) ?? '')) throw error;
  }
  if (!(await reserved(path))) return false;
  await rename(finished, path);
  return true;
};

const reserved = async (path: string): Promise<boolean> => {
  try {
    await (await open(path, 'wx')).close();
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
};

/** What file systems without hard links say. */
const WITHOUT_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK']);
