import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { sidecarNameOf } from '@sluice/contract/plain';
import { MOST_NUMBERS } from './folders.ts';
import { numbered } from './local-name.ts';
import type { Target } from './target.ts';

/** One of the places of a name: itself, or with a number. */
export type Place = {
  path: string;
  number: number;
  /** The file is there from an earlier run. */
  there: boolean;
};

/**
 * Where the files of a download go, decided in the order in which they are listed, whichever is fetched first: so a
 * further run, and one after a file was removed, comes to the same places.
 * @param existing `number`: a place is free where neither a file nor, with `sidecars`, a sidecar is. `skip`: a file of the
 *   size that is wanted is the file itself, and a sidecar that lost its file waits for it.
 */
export const createPlaces = (existing: 'number' | 'skip', sidecars: boolean) => {
  /** What is given away, by spellings that some file systems take for one. */
  const claimed = new Map<string, readonly string[]>();
  const spellings = (path: string): readonly string[] => claimed.get(folded(path)) ?? [];

  const stateOf = async (path: string, size: number): Promise<'free' | 'there' | 'taken'> => {
    const found = await lstat(path).catch(() => null);
    if (found !== null && existing === 'number') return 'taken';
    if (found !== null) {
      if (!found.isFile() || found.size !== size) return 'taken';
      for (const other of spellings(path)) {
        const same = await lstat(other).catch(() => null);
        if (same?.ino === found.ino && same.dev === found.dev) return 'taken';
      }
      return 'there';
    }
    if (!sidecars) return 'free';
    const sidecar = await lstat(sidecarNameOf(path)).catch(() => null);
    return sidecar === null || (existing === 'skip' && sidecar.isFile()) ? 'free' : 'taken';
  };

  return {
    /** The first of its places, from a number on, that is free or has it; nobody else gets that. */
    claim: async ({ folder, name }: Target, size: number, from = 0): Promise<Place> => {
      for (let number = from; number < MOST_NUMBERS; number++) {
        const path = join(folder, numbered(name, number));
        if (spellings(path).includes(path)) continue;
        const state = await stateOf(path, size);
        if (state === 'taken' || spellings(path).includes(path)) continue;
        claimed.set(folded(path), [...spellings(path), path]);
        return { path, number, there: state === 'there' };
      }
      throw new Error(`There is no free name like ${name} in ${folder}`);
    },
  };
};

export type Places = ReturnType<typeof createPlaces>;

const folded = (path: string): string => path.normalize('NFC').toLowerCase();
