import type { Instant } from './domain/instant.ts';
import type { Clock } from './service/ports/clock.ts';

/**
 * The machine's clock, in microseconds that are never given twice and never go back: rows made one after the other are
 * told apart by their time, and what has expired stays expired while the process lives.
 */
export const systemClock = (): Clock => {
  let last: Instant = 0;
  return () => {
    last = Math.max(Date.now() * 1000, last + 1);
    return last;
  };
};
