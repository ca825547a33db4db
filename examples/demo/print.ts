import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Colour where somebody looks: `styleText` leaves it out where output is no terminal, and with NO_COLOR. */
export const paint = (style: Style, text: string): string => styleText(style, text);

export const heading = (text: string): void => console.log(`\n${paint('bold', text)}`);

export type Cell = string | { text: string; style?: Style; right?: boolean };

/** Rows in columns, each as wide as its widest cell, indented by two. */
export const table = (rows: readonly (readonly Cell[])[]): void => {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? { text: cell } : cell)));
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => [...(row[column]?.text ?? '')].length)),
  );
  for (const row of cells) {
    const last = row.findLastIndex(({ text }) => text !== '');
    const line = row.slice(0, last + 1).map(({ text, style, right }, column) => {
      const gap = column === last && !right ? '' : ' '.repeat((widths[column] ?? 0) - [...text].length);
      const painted = style ? paint(style, text) : text;
      return right ? gap + painted : painted + gap;
    });
    console.log(`  ${line.join('  ')}`);
  }
};
