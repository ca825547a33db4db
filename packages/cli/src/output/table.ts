import { styleText } from 'node:util';
import { printable } from '@sluice/contract/plain';
import { displayWidth } from './display-width.ts';
import { rowLines } from './row-lines.ts';

export type Style = 'green' | 'red' | 'yellow' | 'dim' | 'bold';
export type Cell = string | { text: string; style?: Style; right?: true };

/** A name longer than this moves what follows it, in its own line only. */
const WIDEST_COLUMN = 48;

/**
 * Rows as lines, each column as wide as its widest cell. Whatever the cells hold, it cannot act on a terminal.
 * @param columns of the terminal; what does not fit in goes on in further lines
 */
export const tableLines = (
  rows: readonly (readonly Cell[])[],
  colour: boolean,
  columns = Number.POSITIVE_INFINITY,
): string[] => {
  const cells = rows.map((row) => row.map(asCell));
  const widths: number[] = [];
  for (const row of cells) {
    for (const [column, { text }] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, Math.min(displayWidth(text), WIDEST_COLUMN));
    }
  }
  return cells.flatMap((row) => {
    const last = row.findLastIndex(({ text }) => text !== '');
    const shown = row.slice(0, last + 1).map(({ text, style, right }) => ({
      text,
      right,
      paint:
        colour && style ? (plain: string) => styleText(style, plain, { validateStream: false }) : undefined,
    }));
    return rowLines(shown, widths, columns);
  });
};

const asCell = (cell: Cell): Exclude<Cell, string> =>
  typeof cell === 'string' ? { text: printable(cell) } : { ...cell, text: printable(cell.text) };
