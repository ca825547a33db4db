import type { UploadSessionFile } from '@sluice/contract';
import { FILE_STATES } from '@sluice/contract/plain';
import type { UploadResult } from './planning/input.ts';
import { withNameOnDisk } from './planning/made-names.ts';
import type { UploadPlan } from './planning/plan-upload.ts';
import type { SendOutcome } from './sending/send-object.ts';

/** A row of a session's files. Services other than ours give no more than name, state and reason. */
export type SessionFileRow = Pick<UploadSessionFile, 'name' | 'ingestion_status'> &
  Partial<UploadSessionFile>;

export type Outcomes = {
  /** By input; files that are in neither were not sent. */
  sent: ReadonlyMap<number, SendOutcome>;
  /** By input: finished in an earlier run. */
  finished?: ReadonlyMap<number, { fileId: string | null }>;
  /** By input: not sent again, since a session of an earlier run has them. */
  inSession?: ReadonlySet<number>;
  /** By name, as the server lists those that were sent. */
  rows: ReadonlyMap<string, SessionFileRow>;
  /** By name, as it lists those of sessions of an earlier run. */
  earlierRows?: ReadonlyMap<string, SessionFileRow>;
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
  const { rows, earlierRows, sent, inSession, finished, settled } = outcomes;
  for (const { input, name, nameOnDisk, content } of plan.files) {
    const outcome = sent.get(input);
    const found = rowOf(name, rows) ?? (inSession?.has(input) ? rowOf(name, earlierRows) : undefined);
    const row = found && isOfAnother(found, outcome, content.size) ? undefined : found;
    const before = finished?.get(input);
    const verdict = before ? finishedAs(before.fileId) : row ? listed(row) : unlisted(outcome, settled);
    const result = { name, ...verdict, size: row?.size ?? content.size };
    if (nameOnDisk !== undefined) result.message = withNameOnDisk(result.message, nameOnDisk);
    results.push({ input, result });
  }
  return results.sort((a, b) => a.input - b.input).map(({ result }) => result);
};

const rowOf = (name: string, rows?: ReadonlyMap<string, SessionFileRow>): SessionFileRow | undefined =>
  rows?.get(name) ?? rows?.get(name.replace(/\p{Cc}/gu, '\ufffd')); // as the server shows them

/** A content of an earlier run that this one was to replace and did not: the session was gone on with. */
const isOfAnother = ({ size }: SessionFileRow, outcome: SendOutcome | undefined, sizeHere: number): boolean =>
  outcome?.accepted !== true && typeof size === 'number' && size !== sizeHere;

type Verdict = Omit<UploadResult, 'name' | 'size'>;

const finishedAs = (fileId: string | null): Verdict => ({
  status: 'finished',
  reason: null,
  message: null,
  fileId,
});

const PENDING: Verdict = { status: 'pending', reason: null, message: null, fileId: null };

const listed = (row: SessionFileRow): Verdict => {
  const counter = FILE_STATES[row.ingestion_status]?.counter;
  if (counter === 'pending_files') return PENDING;
  if (counter === 'finished_files') return finishedAs(row.file_id ?? null);
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
