import type { UploadPhase } from './progress.ts';

/**
 * The upload ended before its outcome was known; `cause` says why. The session stays as it is: one that was not
 * closed takes further uploads until it expires, and is then ingested with what it has.
 */
export class UploadInterrupted extends Error {
  override readonly name = 'UploadInterrupted';
  readonly sessionId: string;
  readonly phase: UploadPhase;

  constructor(sessionId: string, phase: UploadPhase, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`Upload session ${sessionId} was interrupted while ${phase}: ${why}`, { cause });
    this.sessionId = sessionId;
    this.phase = phase;
  }
}
