import type { UploadResult } from './planning/input.ts';
import type { UploadPhase } from './progress.ts';

/** What is known of an upload that ended early. */
export type InterruptedState = {
  /** Every session it used, in order; the last is `sessionId`. */
  sessionIds: readonly string[];
  /** Of the last session, as far as is known here: `UNKNOWN` where closing it got no answer. */
  sessionStatus: 'OPEN' | 'CLOSED' | 'UNKNOWN';
  /** One for every file: what was sent is `pending`, what was not is `skipped` with NOT_SENT. */
  results: readonly UploadResult[];
};

/**
 * The upload ended before its outcome was known; `cause` says why. A session that was not closed takes further
 * uploads until it expires, and is then ingested with what it has.
 */
export class UploadInterrupted extends Error {
  override readonly name = 'UploadInterrupted';
  readonly sessionId: string;
  readonly phase: UploadPhase;
  readonly sessionIds: readonly string[];
  readonly sessionStatus: InterruptedState['sessionStatus'];
  readonly results: readonly UploadResult[];

  constructor(
    sessionId: string,
    phase: UploadPhase,
    cause: unknown,
    state: InterruptedState = { sessionIds: [sessionId], sessionStatus: 'UNKNOWN', results: [] },
  ) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`Upload session ${sessionId} was interrupted while ${phase}: ${why}`, { cause });
    this.sessionId = sessionId;
    this.phase = phase;
    this.sessionIds = state.sessionIds;
    this.sessionStatus = state.sessionStatus;
    this.results = state.results;
  }
}
