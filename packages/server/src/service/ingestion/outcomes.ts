import type { IngestionReason } from '@sluice/contract';
import type { Metadata } from '../../domain/file.ts';
import type { SessionFile } from '../../domain/session.ts';
import type { SessionFileOutcome } from '../ports/session-files.ts';

/** A file that is ready to go into the workspace. */
export type Candidate = { file: SessionFile; metadata: Metadata };

export type FailedFile = Extract<SessionFileOutcome, { status: 'FAILED' }>;

/** A file that stays PENDING for now: the store fails at its objects. */
export type HeldFile = { file: SessionFile; cause: Error };

export const failedFile = (
  { id }: Pick<SessionFile, 'id'>,
  reason: IngestionReason,
  message: string,
): FailedFile => ({ id, status: 'FAILED', reason, message });

/** For the observer: how many finished, how many failed for which reason. */
export const countOutcomes = (
  outcomes: readonly { status: string; reason?: IngestionReason | null }[],
): { finished: number; failed: Partial<Record<IngestionReason, number>> } => {
  const failed: Partial<Record<IngestionReason, number>> = {};
  let finished = 0;
  for (const { status, reason } of outcomes) {
    if (status === 'FINISHED') finished += 1;
    else if (status === 'FAILED' && reason) failed[reason] = (failed[reason] ?? 0) + 1;
  }
  return { finished, failed };
};
