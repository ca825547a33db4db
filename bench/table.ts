import type { Spread } from './stats.ts';

/** Cells are text; the first column is set to the left, the others to the right. */
export type Table = { title: string; head: string[]; rows: string[][] };

/** Markdown, so that what the bench prints can go into a document as it is. */
export const formatTable = ({ title, head, rows }: Table): string => {
  const widths = head.map((cell, at) => Math.max(cell.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: string[]) =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, at) => (at === 0 ? `:${'-'.repeat(width + 1)}` : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [`${title}\n`, line(head), rule, ...rows.map(line)].join('\n');
};

/** Three significant digits, thousands apart: `0.312`, `4.18`, `21,400`. */
export const number = (value: number): string =>
  value.toLocaleString('en-US', {
    maximumSignificantDigits: 3,
    minimumSignificantDigits: value < 100 ? 3 : 1,
  });

export const megabytes = (bytes: number | null): string =>
  bytes === null ? 'n/a' : `${number(bytes / 1024 / 1024)} MiB`;

/** The median, and between brackets the least and the most of all runs. */
export const withRange = ({ median, min, max }: Spread): string =>
  `${number(median)} (${number(min)}–${number(max)})`;
