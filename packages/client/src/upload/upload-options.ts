import type { CreatedUploadSession, CreateUploadSession, WriteMode } from '@sluice/contract';
import type { UploadPlan } from './plan-upload.ts';
import type { UploadProgress } from './progress.ts';

export type UploadOptions = {
  /** KEEP where absent. */
  writeMode?: WriteMode;
  parallelProcessingEnabled?: boolean;
  /** Life of the session, which must be long enough to send everything; 24 h where absent. */
  expiresInSeconds?: number;
  /** Files sent at a time; 16 where absent. */
  concurrency?: number;
  /** Sidecars without their file are left out; `send` has them sent, so that the session reports them as well. */
  orphanSidecars?: 'skip' | 'send';
  /** false: return once everything is sent and the session is closed. */
  wait?: boolean;
  /** Milliseconds to wait for ingestion at most; an hour where absent. What is open then is `pending`. */
  waitTimeoutMs?: number;
  /** Ends it: the upload then rejects, with UploadInterrupted once there is a session. */
  signal?: AbortSignal;
  /** Called before anything is sent, and before there is a session. If it throws or rejects, there will be none. */
  onPlan?: (plan: UploadPlan) => void | Promise<void>;
  /** Called before anything is sent, for whoever keeps the id. */
  onSession?: (session: CreatedUploadSession) => void | Promise<void>;
  onProgress?: (progress: UploadProgress) => void;
};

/** The request that opens the session these options ask for. */
export const sessionRequest = (options: UploadOptions): CreateUploadSession => {
  const { writeMode, parallelProcessingEnabled, expiresInSeconds } = options;
  return {
    ...(writeMode === undefined ? {} : { write_mode: writeMode }),
    ...(parallelProcessingEnabled === undefined
      ? {}
      : { parallel_processing_enabled: parallelProcessingEnabled }),
    ...(expiresInSeconds === undefined ? {} : { expires_in_seconds: expiresInSeconds }),
  };
};
