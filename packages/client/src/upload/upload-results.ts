import type { UploadSessionFile } from '@sluice/contract';
import type { UploadInput, UploadResult } from './input.ts';
import type { UploadPlan } from './plan-upload.ts';
import type { SendOutcome } from './send-object.ts';

/** A row of the session's files. Services other than ours give no more than the first three. */
export type SessionFileRow = Pick<UploadSessionFile, 'name' | 'ingestion_status'> &
  Partial<UploadSessionFile>;

/**
 * One result for every input but the sidecars that were paired, in the order of the inputs. What the server lists
 * counts for more than what sending looked like: an answer may be lost after the file arrived.
 * @param settled whether the server's list is final
 */
export const uploadResults = (
  inputs: readonly UploadInput[],
  plan: UploadPlan,
  outcomes: ReadonlyMap<number, SendOutcome>,
  rows: readonly SessionFileRow[],
  settled: boolean,
): UploadResult[] => {
  const rowOf = new Map(rows.map((row) => [row.name, row]));
  const results = new Map<number, UploadResult>();

  for (const { input, name, code, message } of plan.problems) {
    results.set(input, { name, status: 'skipped', reason: code, message, fileId: null, size: null });
  }
  for (const { input, name, content } of plan.files) {
    const row = rowOf.get(name) ?? rowOf.get(name.replace(/\p{Cc}/gu, '\ufffd')); // as the server shows them
    const verdict = row && row.ingestion_status !== 'PENDING' ? ingested(row) : undefined;
    results.set(input, {
      name,
      ...(verdict ?? notIngested(outcomes.get(input), settled)),
      size: row?.size ?? content.size,
    });
  }
  return inputs.flatMap((_, input) => results.get(input) ?? []);
};

type Verdict = Omit<UploadResult, 'name' | 'size'>;

const ingested = (row: SessionFileRow): Verdict =>
  row.ingestion_status === 'FINISHED'
    ? { status: 'finished', reason: null, message: null, fileId: row.file_id ?? null }
    : {
        status: 'failed',
        reason: row.ingestion_status_reason ?? 'UNKNOWN_ERROR',
        message: row.ingestion_status_message ?? null,
        fileId: null,
      };

const notIngested = (outcome: SendOutcome | undefined, settled: boolean): Verdict => {
  if (outcome && !outcome.accepted) {
    return { status: 'failed', reason: outcome.reason, message: outcome.message, fileId: null };
  }
  if (!settled) return { status: 'pending', reason: null, message: null, fileId: null };
  const message = 'The object store took it, but the session does not list it.';
  return { status: 'failed', reason: 'NOT_INGESTED', message, fileId: null };
};
