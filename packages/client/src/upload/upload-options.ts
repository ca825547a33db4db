import type { CreatedUploadSession, CreateUploadSession, WriteMode } from '@sluice/contract';
import { WRITE_MODES } from '@sluice/contract/plain';
import {
  abortSignal,
  boolean,
  callback,
  needOptions,
  oneOf,
  plain,
  wholeNumber,
  wholeNumberOrInfinity,
} from '../options.ts';
import type { EarlierUpload } from './earlier-upload.ts';
import type { UploadPlan } from './planning/plan-upload.ts';
import type { UploadProgress } from './progress.ts';

export type UploadOptions = {
  /** KEEP where absent. */
  writeMode?: WriteMode;
  parallelProcessingEnabled?: boolean;
  /** Life of a session, which must be long enough to send everything; 24 h where absent. */
  expiresInSeconds?: number;
  /** Files sent at a time at most, fewer while the store is in trouble; 16 where absent. */
  concurrency?: number;
  /** Files of one session at most, sidecars not counted; what is more goes through further ones. 10,000 where absent. */
  maxFilesPerSession?: number;
  /** Sidecars without their file are left out; `send` has them sent, so that the session reports them as well. */
  orphanSidecars?: 'skip' | 'send';
  /** Files without content are sent, and fail with EMPTY_FILE at the server; `skip` leaves them out. */
  emptyFiles?: 'skip' | 'send';
  /** What an earlier run came to: only what is missing is sent. */
  resume?: EarlierUpload;
  /** false: return once everything is sent and the session is closed. */
  wait?: boolean;
  /**
   * Milliseconds to wait for ingestion at most; an hour where absent. What is open then is `pending`. An answer that is
   * under way by then gets ten seconds more.
   */
  waitTimeoutMs?: number;
  /** Ends it: the upload then rejects, with UploadInterrupted once there is a session, one of `resume` included. */
  signal?: AbortSignal;
  /**
   * What becomes of the session if the upload ends early. `abandon`, where absent: it stays open, takes further uploads
   * until it expires, and is then ingested. `close`: what has been sent is ingested at once.
   */
  whenInterrupted?: 'abandon' | 'close';
  /** Called before anything is sent, and before there is a session. If it throws or rejects, there will be none. */
  onPlan?: (plan: UploadPlan) => void | Promise<void>;
  /** Called before anything is sent through a session, for whoever keeps its id and its form. */
  onSession?: (session: CreatedUploadSession) => void | Promise<void>;
  onProgress?: (progress: UploadProgress) => void;
};

/** @throws ArgumentError naming the option that cannot be meant */
export const needUploadOptions = (options: object = {}): void =>
  needOptions(plain(options), {
    writeMode: oneOf(WRITE_MODES),
    parallelProcessingEnabled: boolean,
    wait: boolean,
    signal: abortSignal,
    expiresInSeconds: wholeNumber,
    maxFilesPerSession: wholeNumberOrInfinity,
    orphanSidecars: oneOf(['skip', 'send']),
    emptyFiles: oneOf(['skip', 'send']),
    whenInterrupted: oneOf(['abandon', 'close']),
    onPlan: callback,
    onSession: callback,
    onProgress: callback,
  });

/** The request that opens a session these options ask for. */
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
