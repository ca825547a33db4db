import { type UploadPlan, withNameOnDisk } from '@sluice/client/node';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { bytes, files, whole } from '../output/amounts.ts';
import type { Output } from '../output/output.ts';
import type { Cell } from '../output/table.ts';
import { isToldBefore, resultCells } from './report-upload.ts';

/** Prints what would be sent. */
export const reportPlan = (plan: UploadPlan, output: Output): ExitCode => {
  const empty = new Set(plan.emptyFiles);
  const sent = plan.files.map(({ input, name, nameOnDisk, content, sidecar }) => ({
    isEmpty: empty.has(input),
    note: nameOnDisk === undefined ? null : withNameOnDisk(null, nameOnDisk),
    file: {
      name,
      size: content.size,
      sidecar_size: sidecar?.size ?? null,
      ...(nameOnDisk === undefined ? {} : { name_on_disk: nameOnDisk }),
    },
  }));
  const skipped = plan.problems.map(({ name, code, message }) => ({ name, reason: code, message }));
  const failing = sent
    .filter(({ isEmpty }) => isEmpty)
    .map(({ note, file }) => ({
      name: file.name,
      ...EMPTY,
      ...(note === null ? {} : { message: `${EMPTY.message} ${note}` }),
    }));
  const problems = [...skipped, ...failing];
  output.table({ dry_run: true, files: sent.map(({ file }) => file), problems, bytes: plan.bytes }, [
    ...sent.map(({ isEmpty, note, file: { name, size, sidecar_size } }): Cell[] => [
      isEmpty ? { text: 'would fail', style: 'yellow' } : 'would send',
      name,
      { text: bytes(size), right: true },
      ...(isEmpty
        ? [EMPTY.reason, `${EMPTY.message} ${note ?? ''}`.trim()]
        : [sidecar_size === null ? '' : 'with its sidecar', note ?? '']),
    ]),
    ...problemCells(plan.problems),
  ]);
  const sidecars = sent.filter(({ file }) => file.sidecar_size !== null).length;
  const counts = [
    `${files(sent.length)} with ${whole(sidecars)} ${sidecars === 1 ? 'sidecar' : 'sidecars'}, ${bytes(plan.bytes)}`,
    failing.length > 0 && `${whole(failing.length)} would fail`,
    skipped.length > 0 && `${whole(skipped.length)} skipped`,
  ];
  output.say(`${counts.filter(Boolean).join(', ')}; nothing was sent.`);
  return problems.length > 0 ? EXIT.someFailed : EXIT.finished;
};

/** As the server says it of such a file. */
const EMPTY = { reason: 'EMPTY_FILE', message: 'The file has no content.' } as const;

/**
 * Prints what will not be sent, and what is sent under another name, before the rest is: with many files the end is far
 * away.
 * @param orphansSent so that it is for the end to say what became of sidecars without their file
 */
export const reportProblems = (plan: UploadPlan, orphansSent: boolean, output: Output): void => {
  if (output.json) return; // the one object at the end has them
  const renamed = plan.files.flatMap(({ name, nameOnDisk, content }): Cell[][] =>
    nameOnDisk === undefined
      ? []
      : [
          [
            { text: 'renamed', style: 'yellow' },
            ...[name, { text: bytes(content.size), right: true } as const, ''],
            { text: withNameOnDisk(null, nameOnDisk), style: 'dim' },
          ],
        ],
  );
  const skipped = problemCells(plan.problems.filter(({ code }) => isToldBefore(code, orphansSent)));
  output.table({}, [...skipped, ...renamed]);
};

const problemCells = (problems: UploadPlan['problems']): Cell[][] =>
  problems.map(({ name, code, message }) =>
    resultCells({ name, status: 'skipped', size: null, reason: code, message }, false),
  );

/**
 * What one of the sessions of an upload takes: the whole of it, or its part of what fills several.
 * @param session its number, from 1
 */
export const shareOf = (
  plan: Pick<UploadPlan, 'files' | 'bytes'>,
  session: number,
  maxFilesPerSession: number,
): string => {
  const total = plan.files.length;
  if (total <= maxFilesPerSession) return `${files(total)}, ${bytes(plan.bytes)}`;
  const first = (session - 1) * maxFilesPerSession + 1;
  const last = Math.min(total, session * maxFilesPerSession);
  const all = session === 1 ? `, ${bytes(plan.bytes)} in all` : '';
  return `files ${whole(first)} to ${whole(last)} of ${whole(total)}${all}`;
};
