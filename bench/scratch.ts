import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

export type ScratchFolder = AsyncDisposable & { path: string };

/** A new folder that disposing removes with all it holds. Declared before what writes in it, it goes after it. */
export const scratchFolder = async (parent: string, name: string): Promise<ScratchFolder> => {
  const path = await mkdtemp(join(parent, `${name}-`));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
};
