import type { JobQueue, Observer } from '../service/ports.ts';

/** Being written. */
export const createPgBossQueue = async (_options: {
  url: string;
  observer: Observer;
  concurrency: number;
}): Promise<JobQueue> => {
  throw new Error('not there yet');
};

export const migrateJobs = async (_url: string): Promise<void> => {
  throw new Error('not there yet');
};
