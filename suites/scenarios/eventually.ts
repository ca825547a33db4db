import { setTimeout as pause } from 'node:timers/promises';

const PAUSE_MS = 30;
const PATIENCE_MS = 60_000;

/** Asks until there is an answer, since another process cannot be waited for. */
export const eventually = async <Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> => {
  for (
    const deadline = performance.now() + PATIENCE_MS;
    performance.now() < deadline;
    await pause(PAUSE_MS)
  ) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error('It did not come about.');
};
