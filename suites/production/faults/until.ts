import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 200;

/** Asks other processes again and again, since they cannot be waited for; the timeout of the test bounds it. */
export const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await pause(POLL_MS);
};
