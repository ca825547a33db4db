import type { Observer } from '../../src/service/ports.ts';

/** Told of everything, says nothing. */
export const SILENT: Observer = {
  filesSettled: () => {},
  sessionIngested: () => {},
  tryFailed: () => {},
  jobDone: () => {},
  jobFailed: () => {},
  queueFailed: () => {},
  writerFailed: () => {},
};
