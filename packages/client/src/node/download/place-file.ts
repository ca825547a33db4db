import { link, lstat, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { sidecarNameOf } from '@sluice/contract/plain';
import { codeOf, isTaken } from './folders.ts';

/** Whether metadata is beside a file: written now, there as it is, there as something else, or not wanted. */
export type SidecarState = 'written' | 'same' | 'other' | 'none';

/**
 * Gives a finished file its name with a sidecar beside it. Nothing is ever written over: a sidecar that is there stays.
 * @returns null where something has come into that place meanwhile
 */
export const placeFile = async (
  finished: string,
  path: string,
  { text, mayBeThere }: { text: string | null; mayBeThere: boolean },
): Promise<SidecarState | null> => {
  const sidecar = await addSidecar(path, text);
  const isFree = mayBeThere || sidecar === 'written' || sidecar === 'none';
  if (isFree && (await named(finished, path))) return sidecar;
  if (sidecar === 'written') await rm(sidecarNameOf(path));
  return null;
};

/** Writes a sidecar where there is none. */
export const addSidecar = async (path: string, text: string | null): Promise<SidecarState> => {
  if (text === null) return 'none';
  const sidecarPath = sidecarNameOf(path);
  try {
    await writeFile(sidecarPath, text, { flag: 'wx' });
    return 'written';
  } catch (error) {
    if (!isTaken(error)) throw error;
  }
  const found = await lstat(sidecarPath).catch(() => null);
  const same = found?.isFile() === true && found.size === Buffer.byteLength(text);
  return same && (await readFile(sidecarPath, 'utf8').catch(() => null)) === text ? 'same' : 'other';
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
