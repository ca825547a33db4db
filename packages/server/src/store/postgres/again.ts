import { setTimeout as pause } from 'node:timers/promises';
import { isConflict } from './errors.ts';

const TRIES = 6;
const FIRST_PAUSE_MS = 10;

/** Does work again, a few times, where another transaction stood in its way (a deadlock, a serialization failure). */
export const again = async <T>(work: () => Promise<T>): Promise<T> => {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === TRIES || !isConflict(error)) throw error;
      // By chance, so that the same two do not meet again.
      await pause(Math.random() * FIRST_PAUSE_MS * 2 ** tries);
    }
  }
};
