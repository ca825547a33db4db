import type { Observer } from './ports/telling.ts';

/** For commands and tests that look at the rows themselves. */
export const SILENT: Observer = {
  filesSettled: () => {},
  sessionIngested: () => {},
  tryFailed: () => {},
  jobDone: () => {},
  jobFailed: () => {},
  queueFailed: () => {},
  writerFailed: () => {},
  objectLost: () => {},
  purgeBegun: () => {},
  purgeDone: () => {},
};
