import type { RowCounts } from '../../service/transfer/source.ts';
import type { TransferPlan, TransferReport } from '../../service/transfer/transfer.ts';
import { sizeText } from './progress.ts';

export const planLines = ({ state, counts, bytes }: TransferPlan): string[] => [
  {
    empty: 'The target is empty.',
    unfinished: 'The target holds an unfinished transfer of this folder; it would be gone on with.',
    complete: 'The transfer to this target has ended; both sides would be compared.',
  }[state],
  ...countLines(counts, bytes),
  'Nothing was moved: this was a dry run.',
];

/** @param seconds how long it took */
export const reportLines = (
  { state, counts, bytes, sent, checksum }: TransferReport,
  seconds: number,
  directory: string,
): string[] => [
  state === 'complete'
    ? 'The transfer had ended before. Both sides were compared again and are equal:'
    : 'Transferred, compared and equal:',
  ...countLines(counts, bytes),
  `  checksum       ${checksum}`,
  `${sent.objects} objects sent (${sizeText(sent.bytes)}) in ${seconds.toFixed(1)} s${rate(sent, seconds)}.`,
  '',
  'Next:',
  '  start servers with these settings: sluiced serve, sluiced work',
  '  let clients use the new address; their API keys stay the same',
  `  keep ${directory} as a backup, and start no server on it: what it took would be here and not there`,
];

const countLines = (counts: RowCounts, bytes: number): string[] =>
  Object.entries(LABELS).map(([kind, label]) => {
    const count = counts[kind as keyof RowCounts];
    return `  ${label.padEnd(14)} ${count}${kind === 'files' ? ` (${sizeText(bytes)})` : ''}`;
  });

const LABELS: Record<keyof RowCounts, string> = {
  organizations: 'organizations',
  users: 'users',
  tokens: 'API keys',
  workspaces: 'workspaces',
  sessions: 'sessions',
  sessionFiles: 'session files',
  files: 'files',
};

const rate = ({ objects, bytes }: TransferReport['sent'], seconds: number): string =>
  objects === 0 ? '' : `, ${(objects / seconds).toFixed(1)}/s, ${sizeText(bytes / seconds)}/s`;
