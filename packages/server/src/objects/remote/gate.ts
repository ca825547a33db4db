/**
 * Lets so many requests run at a time. Each sign of overload halves that number, each full round of successes adds
 * one again, up to `max`: the store is asked for what it can give, without a setting for it.
 */
export const createGate = (max: number) => {
  let limit = max;
  let running = 0;
  let successes = 0;
  /** Requests that ended since the last halving: those that began before it say nothing new. */
  let ended = max;
  const waiting: (() => void)[] = [];

  const admit = (): void => {
    while (running < limit && waiting.length > 0) {
      running++;
      waiting.shift()?.();
    }
  };

  return {
    /** How many may run at a time now. */
    limit: (): number => limit,
    /** The store said that it is overloaded. */
    slowDown: (): void => {
      successes = 0;
      if (ended < limit) return;
      limit = Math.max(1, Math.floor(limit / 2));
      ended = 0;
    },
    run: async <T>(work: () => Promise<T>): Promise<T> => {
      if (running < limit) running++;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        const result = await work();
        successes++;
        if (successes >= limit && limit < max) {
          limit++;
          successes = 0;
        }
        return result;
      } finally {
        ended++;
        running--;
        admit();
      }
    },
  };
};
