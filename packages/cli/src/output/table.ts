import { styleText } from 'node:util';
import { printable } from '@sluice/contract/plain';

export type Style = 'green' | 'red' | 'yellow' | 'dim' | 'bold';
export type Cell = string | { text: string; style?: Style; right?: true };

/** A name longer than this moves what follows it, in its own line only. */
const WIDEST_COLUMN = 48;

/** Rows as lines, each column as wide as its widest cell. Whatever the cells hold, it cannot act on a terminal. */
export const tableLines = (rows: readonly (readonly Cell[])[], colour: boolean): string[] => {
  const cells = rows.map((row) => row.map(asCell));
  const widths: number[] = [];
  for (const row of cells) {
    for (const [column, { text }] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, Math.min(width(text), WIDEST_COLUMN));
    }
  }
  return cells.map((row) => {
    const last = row.findLastIndex(({ text }) => text !== '');
    const parts = row.slice(0, last + 1).map(({ text, style, right }, column) => {
      const gap = ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(text)));
      const painted = colour && style ? styleText(style, text, { validateStream: false }) : text;
      if (right) return gap + painted;
      return column === last ? painted : painted + gap;
    });
    return parts.join('  ');
  });
};

const asCell = (cell: Cell): Exclude<Cell, string> =>
  typeof cell === 'string' ? { text: printable(cell) } : { ...cell, text: printable(cell.text) };

const width = (text: string): number => [...text].length;
