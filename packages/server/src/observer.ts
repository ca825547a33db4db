import type { Logger } from 'pino';
import { tellOnce } from './data-folder/lost-objects.ts';
import { causeOf } from './domain/failures/failure-cause.ts';
import { Outage } from './domain/failures/outage.ts';
import { countFiles, type Metrics } from './http/routes/metrics.ts';
import type { createFailingWork, WorkKind } from './service/failing-work.ts';
import type { Observer } from './service/ports/telling.ts';
import type { FormObserver } from './uploads/form/form-context.ts';

/**
 * Tells log and metrics what the service does, and what it fails at the first time it does.
 * @param explain words for an outage: where it is, why, and which settings to look at
 */
export const createObserver = (
  log: Logger,
  metrics: Metrics,
  failingWork: ReturnType<typeof createFailingWork>,
  explain: (error: unknown) => string,
): Observer => {
  /** A line for the first, then at growing distances; `untold`: how many like it had none since the last line. */
  const tell = (
    level: 'warn' | 'error',
    kind: WorkKind,
    about: string,
    details: object,
    message: string,
  ): void => {
    const untold = failingWork.isToBeTold(kind, about);
    if (untold !== undefined) log[level]({ ...details, ...(untold > 0 && { untold }) }, message);
  };

  const tryFailed = (kind: WorkKind, error: unknown, details: object, message: string): void => {
    if (!failingWork.isNew(error)) return;
    const known = causeOf(error);
    // The queue is in the database, and tells what the driver says as it is.
    const cause = kind === 'queue' && known === 'other' ? 'database' : known;
    metrics.jobTriesFailed.inc({ kind, cause });
    failingWork.failed(kind, cause);
    const outage = kind === 'queue' && cause === 'database' ? new Outage('database', '', error) : error;
    tell('warn', kind, cause, { ...details, cause, reason: explain(outage), err: error }, message);
  };

  return {
    filesSettled: (outcomes) => countFiles(metrics, outcomes),
    sessionIngested: (sessionId, seconds) => {
      metrics.ingestionSeconds.observe(seconds);
      log.info({ sessionId, seconds }, 'session ingested');
    },
    objectLost: tellOnce((lost) => {
      metrics.lostObjects.inc();
      const message =
        'the object of a file is not in the store; copy it back from a backup under the same key';
      log.error(lost, message);
    }),
    purgeBegun: (workspaceId) => log.info({ workspaceId }, 'removing what a deleted workspace held'),
    purgeDone: (purge) => log.info(purge, 'removed what a deleted workspace held'),
    tryFailed: (job, error) => tryFailed(job.kind, error, { job }, 'a job failed and is tried again'),
    jobDone: (job) => {
      failingWork.succeeded(job.kind);
      failingWork.succeeded('queue');
    },
    jobFailed: (job, error) => {
      metrics.jobFailures.inc({ kind: job.kind });
      const details = { job, err: error };
      tell('error', job.kind, 'in all tries', details, 'job failed; the next sweep tries again');
    },
    queueFailed: (error) => tryFailed('queue', error, {}, 'the job queue failed at something'),
    writerFailed: (error) =>
      tryFailed('object_writer', error, {}, 'the thread that writes objects ended; another is started'),
  };
};

export const observeUploads = (log: Logger, { uploads, uploadedBytes }: Metrics): FormObserver => ({
  stored: (bytes) => {
    uploads.inc({ outcome: 'stored' });
    uploadedBytes.inc(bytes);
  },
  refused: (code) => uploads.inc({ outcome: code }),
  failed: (error) => log.error({ err: error }, 'form upload failed'),
});
