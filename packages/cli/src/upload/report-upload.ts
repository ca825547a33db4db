import type { Upload, UploadPhase, UploadProgress, UploadReason, UploadResult } from '@sluice/client/node';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { bytes, whole } from '../output/amounts.ts';
import type { Output } from '../output/output.ts';
import type { Progress } from '../output/progress-meter.ts';
import type { Cell, Style } from '../output/table.ts';

/** Whether that was printed before the sending began, see report-plan.ts. */
export const isToldBefore = (reason: UploadReason | null, orphansSent: boolean): boolean =>
  reason !== 'NOT_SENT' && !(orphansSent && reason === 'ORPHAN_SIDECAR');

/** An upload as `--json` has it, whether or not it came to its end. */
export const uploadObject = (
  { sessionId, sessionIds, settled, results, orphanSidecars }: Upload,
  workspaceName: string,
  interrupted: UploadPhase | null,
): object => ({
  session_id: sessionId,
  session_ids: sessionIds,
  workspace_name: workspaceName,
  interrupted,
  settled,
  ...counts(results),
  results: results.map(({ fileId, ...result }) => ({ ...result, file_id: fileId })),
  orphan_sidecars: orphanSidecars,
});

/**
 * Prints what became of an upload: a line for each file that was tried and is not in the workspace, and the numbers.
 * @param waited whether its end was waited for, so that what is pending was not through in time
 * @param all a line for each file that finished as well
 */
export const reportUpload = (
  upload: Upload,
  {
    waited,
    all,
    orphansSent,
    workspaceName,
    output,
  }: { waited: boolean; all: boolean; orphansSent: boolean; workspaceName: string; output: Output },
): ExitCode => {
  const { sessionId, results, orphanSidecars } = upload;
  const numbers = counts(results);
  const sent = new Set(orphanSidecars);
  const shown = results.filter(({ status, reason }) => {
    if (status === 'finished') return all;
    if (status === 'skipped') return !isToldBefore(reason, orphansSent);
    return waited || status !== 'pending';
  });
  output.table(
    uploadObject(upload, workspaceName, null),
    shown.map((result) => resultCells(result, isReported(result, sent))),
  );
  const reported = results.filter((result) => isReported(result, sent)).length;
  const shownNumbers = { ...numbers, skipped: numbers.skipped - reported, reported };
  const said = Object.entries(shownNumbers).flatMap(([status, count]) =>
    count > 0 ? `${whole(count)} ${status}` : [],
  );
  output.say(sessionId === null && said.length === 0 ? 'There is nothing to upload.' : `${said.join(', ')}.`);
  const bad = numbers.failed + numbers.skipped + (waited ? numbers.pending : 0);
  return bad > 0 ? EXIT.someFailed : EXIT.finished;
};

/** Whether the server has it, and reports it as a sidecar without its file. */
const isReported = ({ name, reason }: UploadResult, orphanSidecars: ReadonlySet<string>): boolean =>
  reason === 'ORPHAN_SIDECAR' && orphanSidecars.has(name);

export const resultCells = (
  { status, name, size, reason, message }: Omit<UploadResult, 'fileId'>,
  reported: boolean,
): Cell[] => [
  reported ? { text: 'reported', style: 'yellow' } : { text: status, style: STYLES[status] },
  name,
  { text: size === null ? '' : bytes(size), right: true },
  reason ?? '',
  { text: message ?? '', style: 'dim' },
];

const STYLES: Record<UploadResult['status'], Style> = {
  finished: 'green',
  failed: 'red',
  skipped: 'yellow',
  pending: 'yellow',
};

const counts = (results: readonly UploadResult[]): Record<UploadResult['status'], number> => {
  const numbers = { finished: 0, failed: 0, skipped: 0, pending: 0 };
  for (const { status } of results) numbers[status]++;
  return numbers;
};

export const progressOf = (progress: UploadProgress): Progress => {
  const { phase, sent, notSent, finished, failed } = progress;
  if (phase !== 'sending') {
    const trouble = failed === 0 ? '' : `${whole(failed)} failed`;
    return {
      what: 'ingesting',
      files: finished + failed,
      totalFiles: Math.max(progress.sent + progress.alreadyThere, finished + failed),
      trouble,
    };
  }
  return {
    what: 'sending',
    files: sent + notSent,
    totalFiles: progress.files,
    bytes: { done: progress.bytesSent, total: progress.bytes },
    trouble: notSent === 0 ? '' : `${whole(notSent)} not sent`,
  };
};
