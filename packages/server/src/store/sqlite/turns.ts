import type { WriteKind } from '../../service/ports/store.ts';

/**
 * Who may write next: one at a time. `short` writes, which somebody waits for, go before `batch`es; each of them waits for
 * one batch at most, and a batch is passed by so many short ones at most that were not passed themselves.
 */
export type WriteTurns = {
  /** Does work when its turn comes. */
  take<T>(kind: WriteKind, work: () => Promise<T>): Promise<T>;
};

/** Short writes that may pass a batch that waits. */
const PATIENCE = 16;

export const createWriteTurns = (): WriteTurns => {
  const short: { start: () => void; wasPassed: boolean }[] = [];
  const batches: (() => void)[] = [];
  let busy = false;
  /** Short writes since a batch waits at the head. */
  let passed = 0;

  const next = (): (() => void) | undefined => {
    const first = short[0];
    if (batches.length > 0 && (first === undefined || (passed >= PATIENCE && !first.wasPassed))) {
      passed = 0;
      for (const one of short) one.wasPassed = true;
      return batches.shift();
    }
    if (batches.length > 0) passed++;
    return short.shift()?.start;
  };

  const go = (): void => {
    if (busy) return;
    const start = next();
    if (start === undefined) return;
    busy = true;
    start();
  };

  return {
    take: async (kind, work) => {
      await new Promise<void>((resolve) => {
        if (kind === 'batch') batches.push(resolve);
        else short.push({ start: resolve, wasPassed: false });
        go();
      });
      try {
        return await work();
      } finally {
        busy = false;
        go();
      }
    },
  };
};
