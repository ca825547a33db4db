import type { UploadSessionFile } from '@sluice/contract';
import type { UploadResult } from './input.ts';
import type { UploadPlan } from './plan-upload.ts';
import type { SendOutcome } from './send-object.ts';

/** A row of a session's files. Services other than ours give no more than name, state and reason. */
export type SessionFileRow = Pick<UploadSessionFile, 'name' | 'ingestion_status'> &
  Partial<UploadSessionFile>;

export type Outcomes = {
  /** By input; files that are in neither were not sent. */
  sent: ReadonlyMap<number, SendOutcome>;
  /** By input: finished in an earlier run. */
  finished?: ReadonlyMap<number, { fileId: string | null }>;
  /** By name, as the server lists them. */
  rows: ReadonlyMap<string, SessionFileRow>;
  /** Whether the server's lists are final. */
  settled: boolean;
};

/**
 * One result for every input but the sidecars that were paired, in the order of the inputs. What the server lists
 * counts for more than what sending looked like: an answer may be lost after the file arrived.
 */
export const uploadResults = (plan: UploadPlan, outcomes: Outcomes): UploadResult[] => {
  const results: { input: number; result: UploadResult }[] = [];
  for (const { input, name, code, message } of plan.problems) {
    results.push({
      input,
      result: { name, status: 'skipped', reason: code, message, fileId: null, size: null },
    });
  }
  const { rows, sent, finished, settled } = outcomes;
  for (const { input, name, content } of plan.files) {
    const row = rows.get(name) ?? rows.get(name.replace(/\p{Cc}/gu, '\ufffd')); // as the server shows them
    const before = finished?.get(input);
    const verdict = before
      ? finishedAs(before.fileId)
      : row
        ? listed(row)
        : unlisted(sent.get(input), settled);
    results.push({ input, result: { name, ...verdict, size: row?.size ?? content.size } });
  }
  return results.sort((a, b) => a.input - b.input).map(({ result }) => result);
};

type Verdict = Omit<UploadResult, 'name' | 'size'>;

const finishedAs = (fileId: string | null): Verdict => ({
  status: 'finished',
  reason: null,
  message: null,
  fileId,
});

const PENDING: Verdict = { status: 'pending', reason: null, message: null, fileId: null };

const listed = (row: SessionFileRow): Verdict => {
  if (row.ingestion_status === 'PENDING') return PENDING;
  if (row.ingestion_status === 'FINISHED') return finishedAs(row.file_id ?? null);
  return {
    status: 'failed',
    reason: row.ingestion_status_reason ?? 'UNKNOWN_ERROR',
    message: row.ingestion_status_message ?? null,
    fileId: null,
  };
};

const unlisted = (outcome: SendOutcome | undefined, settled: boolean): Verdict => {
  if (outcome === undefined) {
    const message = 'The upload ended before its turn came.';
    return { status: 'skipped', reason: 'NOT_SENT', message, fileId: null };
  }
  if (!outcome.accepted) {
    return { status: 'failed', reason: outcome.reason, message: outcome.message, fileId: null };
  }
  if (!settled) return PENDING;
  const message = 'The object store took it, but the session does not list it.';
  return { status: 'failed', reason: 'NOT_INGESTED', message, fileId: null };
};
