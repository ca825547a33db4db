import { INGESTION_REASONS, type IngestionReason } from '@sluice/contract';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { FAILURE_CAUSES } from '../../domain/errors.ts';
import { secondsSince } from '../../domain/instant.ts';
import type { WorkKind } from '../../service/failing-work.ts';
import type { Clock } from '../../service/ports/clock.ts';
import { JOB_KINDS, type Job, type JobQueue } from '../../service/ports/jobs.ts';
import type { Store } from '../../service/ports/store.ts';
import { createSessionGauges } from '../../service/session-gauges.ts';
import { sharedLook } from '../shared-look.ts';

export type Metrics = ReturnType<typeof createMetrics>;

/** All of them, or it does not compile. */
const OTHER_WORK: Record<Exclude<WorkKind, Job['kind']>, true> = { queue: true, object_writer: true };

const WORK_KINDS = [...JOB_KINDS, ...Object.keys(OTHER_WORK)] as WorkKind[];

/** What Prometheus reads. Labels have few values each: no id, no name ever becomes one. */
export const createMetrics = () => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const metrics = {
    registry,
    requestSeconds: new Histogram({
      name: 'sluice_http_request_seconds',
      help: 'Duration of API requests by route.',
      labelNames: ['method', 'route', 'status'] as const,
      buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
      registers,
    }),
    serverErrors: new Counter({
      name: 'sluice_http_server_errors_total',
      help: 'API requests answered with a status of 500 or more. From 0 on, unlike those by route and status.',
      registers,
    }),
    uploads: new Counter({
      name: 'sluice_form_uploads_total',
      help: 'Form uploads by outcome: stored, or the code of the refusal.',
      labelNames: ['outcome'] as const,
      registers,
    }),
    uploadedBytes: new Counter({
      name: 'sluice_form_uploaded_bytes_total',
      help: 'Bytes of the form uploads that were stored.',
      registers,
    }),
    files: new Counter({
      name: 'sluice_files_ingested_total',
      help: 'Files of upload sessions by outcome: FINISHED, or the reason of the failure.',
      labelNames: ['outcome'] as const,
      registers,
    }),
    ingestionSeconds: new Histogram({
      name: 'sluice_session_ingestion_seconds',
      help: 'From the end of an upload session to its last file in a final state.',
      buckets: [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000],
      registers,
    }),
    jobTriesFailed: new Counter({
      name: 'sluice_job_tries_failed_total',
      help: 'Tries of jobs that failed, and what the queue and the thread that writes objects failed at, by cause.',
      labelNames: ['kind', 'cause'] as const,
      registers,
    }),
    jobFailures: new Counter({
      name: 'sluice_job_failures_total',
      help: 'Jobs that failed after all their tries.',
      labelNames: ['kind'] as const,
      registers,
    }),
    lostObjects: new Counter({
      name: 'sluice_lost_objects_total',
      help: 'Objects that a row names and that were not in the store when they were read, downloaded or ingested.',
      registers,
    }),
  };
  // What alerts look at is there from the start: to Prometheus, a series that begins with 1 has not increased.
  for (const outcome of ['stored', 'InternalError', 'ServiceUnavailable'])
    metrics.uploads.inc({ outcome }, 0);
  for (const outcome of ['FINISHED', ...INGESTION_REASONS]) metrics.files.inc({ outcome }, 0);
  for (const kind of JOB_KINDS) metrics.jobFailures.inc({ kind }, 0);
  for (const kind of WORK_KINDS) {
    for (const cause of FAILURE_CAUSES) metrics.jobTriesFailed.inc({ kind, cause }, 0);
  }
  return metrics;
};

/**
 * Gauges that are read off the rows when somebody asks. While they cannot be read they are absent, `sluice_rows_readable`
 * is 0, and the rest is told.
 */
export const gaugeRows = (
  { registry }: Metrics,
  { store, jobs, clock }: { store: Store; jobs: JobQueue; clock: Clock },
): void => {
  const registers = [registry];
  const readSessions = createSessionGauges(store.read.sessions);
  const sessions = sharedLook(() => readSessions(clock()));
  const jobCounts = sharedLook(() => jobs.counts());
  new Gauge({
    name: 'sluice_rows_readable',
    help: 'Whether sessions and jobs could be read just now: 1 or 0. At 0 the gauges of both are absent.',
    registers,
    async collect() {
      const looks: unknown[] = await Promise.all([sessions(), jobCounts()]);
      this.set(looks.includes(undefined) ? 0 : 1);
    },
  });
  new Gauge({
    name: 'sluice_sessions',
    help: 'Upload sessions by state.',
    labelNames: ['state'] as const,
    registers,
    async collect() {
      this.reset();
      const gauges = await sessions();
      if (gauges === undefined) return;
      this.set({ state: 'open' }, gauges.open);
      this.set({ state: 'closed' }, gauges.closed);
      this.set({ state: 'expired' }, gauges.expired);
    },
  });
  new Gauge({
    name: 'sluice_sessions_awaiting_ingestion',
    help: 'Ended sessions whose files are not all in a final state.',
    registers,
    async collect() {
      const gauges = await sessions();
      if (gauges === undefined) this.remove();
      else this.set(gauges.awaitingIngestion);
    },
  });
  new Gauge({
    name: 'sluice_oldest_awaiting_session_seconds',
    help: 'How long the longest-waiting ended session has waited.',
    registers,
    async collect() {
      const gauges = await sessions();
      if (gauges === undefined) this.remove();
      else this.set(gauges.oldestAwaiting === null ? 0 : secondsSince(gauges.oldestAwaiting, clock()));
    },
  });
  new Gauge({
    name: 'sluice_jobs',
    help: 'Jobs by state: waiting, running, dead (given up after all tries).',
    labelNames: ['state'] as const,
    registers,
    async collect() {
      this.reset();
      for (const [state, count] of Object.entries((await jobCounts()) ?? {})) this.set({ state }, count);
    },
  });
};

/** Files by outcome, as the service reports them. */
export const countFiles = (
  { files }: Metrics,
  outcomes: { finished: number; failed: Partial<Record<IngestionReason, number>> },
): void => {
  if (outcomes.finished > 0) files.inc({ outcome: 'FINISHED' }, outcomes.finished);
  for (const [reason, count] of Object.entries(outcomes.failed)) files.inc({ outcome: reason }, count);
};
