/**
 * Lets work run side by side, and some of it alone: before that begins all else has ended, and nothing else begins
 * before it has. First come, first served.
 */
export const createTurns = () => {
  const waiting: { isAlone: boolean; go: () => void }[] = [];
  let running = 0;
  let isOneAlone = false;

  const admit = (): void => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (isOneAlone || (next.isAlone && running > 0)) return;
      waiting.shift();
      running++;
      isOneAlone = next.isAlone;
      next.go();
    }
  };

  return {
    /** Whether some work waits to be alone. */
    isAwaited: (): boolean => waiting.some(({ isAlone }) => isAlone),

    run: async <T>(isAlone: boolean, work: () => Promise<T>): Promise<T> => {
      await new Promise<void>((go) => {
        waiting.push({ isAlone, go });
        admit();
      });
      try {
        return await work();
      } finally {
        running--;
        isOneAlone = false;
        admit();
      }
    },
  };
};
