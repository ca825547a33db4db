import type { TestContext } from 'node:test';
import { createPgBossQueue } from '../../../packages/server/src/jobs/pg-boss.ts';
import type { Job } from '../../../packages/server/src/service/ports/jobs.ts';
import { SILENT } from '../../../packages/server/src/service/silent-observer.ts';

/** The queue of one process, stopped with the test. `failed`, `complaints`: jobs and errors that its observer was told of. */
export const openQueue = async (t: TestContext, url: string, works = true) => {
  const failed: Job[] = [];
  const complaints: string[] = [];
  const queue = await createPgBossQueue({
    url,
    works,
    concurrency: 4,
    sweepPattern: '* * * * * *',
    observer: {
      ...SILENT,
      jobFailed: (job) => failed.push(job),
      queueFailed: (error) => {
        const message = String((error as Error).message ?? error);
        complaints.push(message);
        t.diagnostic(message);
      },
    },
  });
  t.after(() => queue.stop());
  return { queue, failed, complaints };
};
