/** Work that is only ever a hint to look at rows: it may be lost, and it may run twice. */
export type Job =
  | { kind: 'ingest'; sessionId: string }
  | { kind: 'purge_workspace'; workspaceId: string; organizationId: string }
  | { kind: 'collect_garbage' }
  /** Once after an upgrade: gives the metadata of all files the entries that this version searches. */
  | { kind: 'renew_index' }
  | { kind: 'sweep' };

type JobKind<K extends Job['kind']> = {
  /** Of jobs of a kind with one key at most one waits, runs, or rests between two tries. */
  key: (job: Extract<Job, { kind: K }>) => string;
  /** How many of it run side by side in one process: `one`, or as many as are set (sessions that are ingested). */
  places: 'one' | 'as_set';
};

/** All there is to know of a kind of job, but for what it does. */
export const JOBS: { readonly [K in Job['kind']]: JobKind<K> } = {
  ingest: { key: ({ sessionId }) => sessionId, places: 'as_set' },
  purge_workspace: { key: ({ workspaceId }) => workspaceId, places: 'one' },
  collect_garbage: { key: ({ kind }) => kind, places: 'one' },
  renew_index: { key: ({ kind }) => kind, places: 'one' },
  sweep: { key: ({ kind }) => kind, places: 'one' },
};

export const JOB_KINDS = Object.keys(JOBS) as readonly Job['kind'][];

/** Of two jobs with the same kind and key one is enough. */
export const keyOf = <K extends Job['kind']>(job: Extract<Job, { kind: K }>): string =>
  (JOBS[job.kind as K] as JobKind<K>).key(job);

/** Resolves to the job that is to follow, which may be an equal one: it is added when this one has ended. */
export type JobHandler = (job: Job, signal: AbortSignal) => Promise<Job | undefined>;

export interface JobQueue {
  /**
   * Jobs of a kind are handed out in the order they came. One that is equal to one in hand (it waits, runs, or rests
   * between two tries) is not added. Never throws: what could not be added is found by a sweep.
   */
  enqueue(job: Job): void;
  /** Starts handing jobs out, and a sweep now and then. Each kind has places of its own. */
  start(handle: JobHandler): void;
  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void>;
  /** Jobs of all processes. */
  counts(): Promise<JobCounts>;
  /** Hands out no more, signals the running ones, resolves when they have ended. */
  stop(): Promise<void>;
}

/** `dead`: given up after all their tries, and kept for the operator. */
export type JobCounts = { waiting: number; running: number; dead: number };
