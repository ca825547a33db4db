import type { Upload, UploadPlan, UploadProgress, UploadResult } from '@sluice/client/node';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { bytes, files } from '../output/amounts.ts';
import type { Output } from '../output/output.ts';

/** Prints what would be sent. */
export const reportPlan = (plan: UploadPlan, output: Output): ExitCode => {
  const sent = plan.files.map(({ name, content, sidecar }) => ({
    name,
    size: content.size,
    sidecar_size: sidecar?.size ?? null,
  }));
  const problems = plan.problems.map(({ name, code, message }) => ({ name, reason: code, message }));
  output.result(
    { dry_run: true, files: sent, problems, bytes: plan.bytes },
    ...sent.map(
      ({ name, size, sidecar_size }) =>
        `would send  ${name}, ${bytes(size)}${sidecar_size === null ? '' : ', with its sidecar'}`,
    ),
    ...problems.map(({ name, reason, message }) => `skipped     ${name}  ${reason}  ${message}`),
  );
  output.say(`${files(sent.length)}, ${bytes(plan.bytes)} with sidecars; nothing was sent.`);
  return problems.length > 0 ? EXIT.someFailed : EXIT.finished;
};

/**
 * Prints what became of an upload: a line for each file that is not in the workspace, and the numbers.
 * @param waited whether its end was waited for, so that what is pending was not through in time
 */
export const reportUpload = (
  upload: Upload,
  { waited, workspaceName, output }: { waited: boolean; workspaceName: string; output: Output },
): ExitCode => {
  const { sessionId, settled, results, orphanSidecars } = upload;
  const numbers = counts(results);
  const open = results.filter(({ status }) => status !== 'finished' && (waited || status !== 'pending'));
  output.result(
    {
      ...{ session_id: sessionId, workspace_name: workspaceName, settled, ...numbers },
      results: results.map(({ fileId, ...result }) => ({ ...result, file_id: fileId })),
      orphan_sidecars: orphanSidecars,
    },
    ...open.map(({ status, name, reason, message }) =>
      [status.padEnd(8), name, reason, message].filter((part) => part !== null).join('  '),
    ),
  );
  const said = Object.entries(numbers).flatMap(([status, count]) => (count > 0 ? `${count} ${status}` : []));
  output.say(sessionId === null && said.length === 0 ? 'There is nothing to upload.' : `${said.join(', ')}.`);
  const bad = numbers.failed + numbers.skipped + (waited ? numbers.pending : 0);
  return bad > 0 ? EXIT.someFailed : EXIT.finished;
};

const counts = (results: readonly UploadResult[]): Record<UploadResult['status'], number> => {
  const numbers = { finished: 0, failed: 0, skipped: 0, pending: 0 };
  for (const { status } of results) numbers[status]++;
  return numbers;
};

export const progressWords = (progress: UploadProgress): string => {
  const { phase, sent, notSent, finished, failed } = progress;
  if (phase !== 'sending')
    return `ingesting: ${finished} of ${progress.sent} finished${trouble(failed, 'failed')}`;
  const amount = `${bytes(progress.bytesSent)} of ${bytes(progress.bytes)}`;
  return `sending: ${sent} of ${files(progress.files)}, ${amount}${trouble(notSent, 'not sent')}`;
};

const trouble = (count: number, what: string): string => (count === 0 ? '' : `, ${count} ${what}`);
