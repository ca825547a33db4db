import type { Observer } from '../../src/service/ports.ts';

/** Told of everything, says nothing. */
export const SILENT: Observer = {
  filesSettled: () => {},
  sessionIngested: () => {},
  objectLost: () => {},
  tryFailed: () => {},
  jobDone: () => {},
  jobFailed: () => {},
  queueFailed: () => {},
  writerFailed: () => {},
};
