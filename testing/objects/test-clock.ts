import type { Clock } from '../../packages/server/src/service/ports/clock.ts';

/** Time as the machine has it, never twice the same, and ahead by as much as a test likes. */
export const testClock = () => {
  let last = 0;
  let ahead = 0;
  const clock: Clock = () => {
    last = Math.max(Date.now() * 1000 + ahead, last + 1);
    return last;
  };
  return {
    clock,
    advance: (by: number) => {
      ahead += by;
    },
  };
};
