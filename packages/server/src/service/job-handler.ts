import { createGarbageCollector } from './garbage.ts';
import { createIngestion } from './ingestion.ts';
import type { BatchContext } from './ingestion-batch.ts';
import type { Job, JobQueue } from './ports.ts';
import { createPurge } from './purge-workspace.ts';
import { createSweep } from './sweep.ts';

/** What every kind of job comes to. Each may run twice and may be lost: it looks at the rows, not at the job. */
export const createJobHandler = (context: BatchContext & { jobs: JobQueue; maxFilesPerSession: number }) => {
  const ingest = createIngestion(context);
  const purge = createPurge(context);
  const collectGarbage = createGarbageCollector(context);
  const sweep = createSweep(context);

  const work = (job: Job, signal: AbortSignal): Promise<void> => {
    switch (job.kind) {
      case 'ingest':
        return ingest(job.sessionId, signal);
      case 'purge_workspace':
        return purge(job.workspaceId, job.organizationId, signal);
      case 'collect_garbage':
        return collectGarbage(signal);
      case 'sweep':
        return sweep(signal);
    }
  };

  return async (job: Job, signal: AbortSignal): Promise<void> => {
    try {
      await work(job, signal);
    } catch (error) {
      if (!signal.aborted) context.observer.tryFailed(job, error);
      throw error;
    }
    context.observer.jobDone(job);
  };
};
