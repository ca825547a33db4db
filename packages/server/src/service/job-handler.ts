import { createGarbageCollector } from './cleanup/garbage.ts';
import { createPurge } from './cleanup/purge-workspace.ts';
import { createSweep } from './cleanup/sweep.ts';
import { createIndexRenewal } from './files/renew-index.ts';
import type { BatchContext } from './ingestion/batch.ts';
import { createIngestion } from './ingestion/ingest.ts';
import type { Job, JobHandler, JobQueue } from './ports/jobs.ts';

/** What every kind of job comes to. Each may run twice and may be lost: it looks at the rows, not at the job. */
export const createJobHandler = (
  context: BatchContext & { jobs: JobQueue; maxFilesPerSession: number },
): JobHandler => {
  const ingest = createIngestion(context);
  const purge = createPurge(context);
  const collectGarbage = createGarbageCollector(context);
  const renewIndex = createIndexRenewal(context);
  const sweep = createSweep(context);

  const work = async (job: Job, signal: AbortSignal): Promise<Job | undefined> => {
    switch (job.kind) {
      case 'ingest':
        return ingest(job.sessionId, signal);
      case 'purge_workspace':
        await purge(job.workspaceId, job.organizationId, signal);
        break;
      case 'collect_garbage':
        await collectGarbage(signal);
        break;
      case 'renew_index':
        await renewIndex(signal);
        break;
      case 'sweep':
        await sweep(signal);
    }
    return undefined;
  };

  return async (job, signal) => {
    try {
      const next = await work(job, signal);
      context.observer.jobDone(job);
      return next;
    } catch (error) {
      if (!signal.aborted) context.observer.tryFailed(job, error);
      throw error;
    }
  };
};
