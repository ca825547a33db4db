import { jobQueueContract } from '../../../../testing/contracts/job-queue-contract.ts';
import { createInProcessQueue, IN_PROCESS_DEFAULTS } from '../../src/jobs/in-process.ts';
import type { Job } from '../../src/service/ports/jobs.ts';
import { SILENT } from '../../src/service/silent-observer.ts';

jobQueueContract('in process', async (t) => {
  const failed: Job[] = [];
  const queue = createInProcessQueue(
    { ...SILENT, jobFailed: (job) => failed.push(job) },
    { ...IN_PROCESS_DEFAULTS, sweepPattern: '* * * * * *' },
  );
  t.after(() => queue.stop());
  return { queue, failed };
});
