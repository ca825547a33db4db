import { createGarbageCollector } from './cleanup/garbage.ts';
import { createPurge } from './cleanup/purge-workspace.ts';
import { createSweep } from './cleanup/sweep.ts';
import { createIndexRenewal } from './files/renew-index.ts';
import type { IngestionContext } from './ingestion/context.ts';
import { createIngestion } from './ingestion/ingest.ts';
import type { Job, JobHandler } from './ports/jobs.ts';

type JobOf<K extends Job['kind']> = Extract<Job, { kind: K }>;
type Work = { [K in Job['kind']]: (job: JobOf<K>, signal: AbortSignal) => Promise<Job | undefined> };

/** What every kind of job comes to. Each may run twice and may be lost: it looks at the rows, not at the job. */
export const createJobHandler = (context: IngestionContext): JobHandler => {
  const ingest = createIngestion(context);
  const purge = createPurge(context);
  const collectGarbage = createGarbageCollector(context);
  const renewIndex = createIndexRenewal(context);
  const sweep = createSweep(context);

  /** Resolves to the job that is to follow. */
  const work: Work = {
    ingest: ({ sessionId }, signal) => ingest(sessionId, signal),
    purge_workspace: ({ workspaceId, organizationId }, signal) =>
      alone(purge(workspaceId, organizationId, signal)),
    collect_garbage: (_, signal) => alone(collectGarbage(signal)),
    renew_index: (_, signal) => alone(renewIndex(signal)),
    sweep: (_, signal) => alone(sweep(signal)),
  };
  const run = <K extends Job['kind']>(job: JobOf<K>, signal: AbortSignal) => work[job.kind as K](job, signal);

  return async (job, signal) => {
    try {
      const next = await run(job, signal);
      context.observer.jobDone(job);
      return next;
    } catch (error) {
      if (!signal.aborted) context.observer.tryFailed(job, error);
      throw error;
    }
  };
};

/** No job follows. */
const alone = async (work: Promise<void>): Promise<undefined> => void (await work);
