import { createPace } from '../breathe.ts';
import type { Store } from '../ports/store.ts';

/** Files that one transaction looks at, at least and at most. Some have much metadata. */
const FEW = 16;
const BATCH = 500;

/** Gives all files with old entries in the index of metadata new ones: each step is done whole, and the next begins there. */
export const createIndexRenewal =
  ({ store }: { store: Store }) =>
  async (signal: AbortSignal): Promise<void> => {
    const pace = createPace(FEW, BATCH);
    const renewSome = (size: number) => store.write((tx) => tx.files.renewEntries(size), 'batch');
    do signal.throwIfAborted();
    while ((await pace(renewSome)) > 0);
  };
