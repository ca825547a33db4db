import type { IngestionReason } from '@sluice/contract';
import type { Job } from './jobs.ts';

/** Where the service says what happened, for logs and metrics. Never throws. */
export interface Observer {
  filesSettled(outcomes: { finished: number; failed: Partial<Record<IngestionReason, number>> }): void;
  /** `seconds`: from the end of the session to its last file in a final state. */
  sessionIngested(sessionId: string, seconds: number): void;
  /**
   * A try of a job, or a part of one that goes on, came to nothing and will be tried again. Told the first time it goes
   * wrong; of an error that is told again, or that only carries told ones, nothing is counted.
   */
  tryFailed(job: Job, error: unknown): void;
  jobDone(job: Job): void;
  /** A job that failed in all its tries; the sweep finds again what it was for. */
  jobFailed(job: Job, error: unknown): void;
  /** The queue itself failed at something, and goes on. */
  queueFailed(error: unknown): void;
  /** The thread that writes objects has ended; another is started. */
  writerFailed(error: unknown): void;
  /** A row names an object that is not in the store, as somebody just found. May be told many times of one object. */
  objectLost(lost: LostObject): void;
  /** All that a deleted workspace held is about to be removed, in one of two rounds: see `DeletedWorkspace`. */
  purgeBegun(workspaceId: string): void;
  purgeDone(purge: Purge): void;
}

/** `fileId`: of the file, or of its row in a session while it is ingested. */
export type LostObject = { fileId: string; key: string };

/** What a round of a purge removed. `final`: the row of the workspace went with it, and no round follows. */
export type Purge = { workspaceId: string; files: number; objects: number; seconds: number; final: boolean };
