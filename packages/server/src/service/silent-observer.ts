import type { Observer } from './ports.ts';

/** For commands and tests that look at the rows themselves. */
export const SILENT: Observer = {
  filesSettled: () => {},
  sessionIngested: () => {},
  jobFailed: () => {},
  queueFailed: () => {},
  objectLost: () => {},
  purgeBegun: () => {},
  purgeDone: () => {},
};
