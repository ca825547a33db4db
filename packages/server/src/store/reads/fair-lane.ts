import { tooManyDear } from './too-dear.ts';

/** A queue in which parties take turns, whatever each of them asks for. */
export type Lane = {
  /**
   * Does work when its turn comes.
   * @param party null: the service itself, which is never refused
   * @throws DomainError QUERY_TOO_DEAR where too much of this party waits already
   */
  run<T>(party: string | null, work: () => Promise<T>): Promise<T>;
};

/** @param width how much is done at a time @param perParty how much of a party may wait */
export const createLane = (width: number, perParty: number): Lane => {
  /** In the order of their turns. */
  const waiting = new Map<string | null, (() => void)[]>();
  let running = 0;

  const next = (): (() => void) | undefined => {
    for (const [party, starts] of waiting) {
      const start = starts.shift();
      waiting.delete(party);
      if (starts.length > 0) waiting.set(party, starts);
      return start;
    }
    return undefined;
  };

  const go = (): void => {
    while (running < width) {
      const start = next();
      if (start === undefined) return;
      running++;
      start();
    }
  };

  return {
    run: async (party, work) => {
      const own = waiting.get(party) ?? [];
      if (party !== null && own.length >= perParty) throw tooManyDear();
      await new Promise<void>((resolve) => {
        own.push(resolve);
        waiting.set(party, own);
        go();
      });
      try {
        return await work();
      } finally {
        running--;
        go();
      }
    },
  };
};
