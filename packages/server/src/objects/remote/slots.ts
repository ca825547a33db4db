/** Gives out a number of slots, first come, first served. */
export const createSlots = (count: number) => {
  let free = count;
  const waiting = new Set<() => void>();

  const release = (): void => {
    const [next] = waiting;
    if (next === undefined) free++;
    else {
      waiting.delete(next);
      next();
    }
  };

  return {
    /**
     * Calls back once there is a slot, at the earliest when the caller is done.
     * @returns gives the slot back, or the place in the queue; does nothing when called again
     */
    take: (granted: () => void): (() => void) => {
      let state: 'waiting' | 'held' | 'ended' = 'waiting';
      const grant = (): void => {
        state = 'held';
        granted();
      };
      if (free > 0) {
        free--;
        state = 'held';
        queueMicrotask(() => {
          if (state === 'held') granted();
        });
      } else waiting.add(grant);
      return () => {
        if (state === 'waiting') waiting.delete(grant);
        else if (state === 'held') release();
        state = 'ended';
      };
    },
    free: (): number => free,
  };
};

export type Slots = ReturnType<typeof createSlots>;
