import { displayWidth } from './display-width.ts';
import { wrapWords } from './wrap.ts';

export type RowCell = {
  text: string;
  right?: true | undefined;
  paint?: ((text: string) => string) | undefined;
  /** Of the last one: room it wants on a line, even if it takes less, so that all rows of a list look alike. */
  least?: number | undefined;
};

const GAP = 2;
const INDENT = 2;

/** What is left of a line for the last column, or it begins a line of its own. */
export const LEAST_ROOM = 16;

/**
 * A row in columns, as lines of a screen. What does not fit in goes on in further lines, a column as a whole where it can:
 * no word and no id is broken, unless it is wider than the screen.
 * @param widths of the columns; that of the last is its own
 * @param columns of the screen; infinite where there is none
 */
export const rowLines = (cells: readonly RowCell[], widths: readonly number[], columns: number): string[] => {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const put = (text: string, at: number, paint = (plain: string) => plain) => {
    line += ' '.repeat(Math.max(0, at - used)) + paint(text);
    used = Math.max(used, at) + displayWidth(text);
  };
  const newLine = () => {
    lines.push(line.trimEnd());
    line = '';
    used = 0;
  };
  let next = 0;
  for (const [index, { text, right, paint, least }] of cells.entries()) {
    const own = displayWidth(text);
    const isLast = index === cells.length - 1;
    const width = isLast && !right ? Math.max(least ?? 0, own) : Math.max(widths[index] ?? 0, own);
    const room = columns - next;
    const pieces = width <= room ? [text] : wrapWords(text, room);
    const fits = isLast && room >= LEAST_ROOM && pieces.every((piece) => displayWidth(piece) <= room);
    if (next > 0 && width > room && !fits) {
      newLine();
      next = INDENT;
    }
    const start = next;
    for (const [at, piece] of wrapWords(text, columns - start).entries()) {
      if (at > 0) newLine();
      put(piece, right && start + width <= columns ? start + width - displayWidth(piece) : start, paint);
    }
    next = start + width + GAP;
    if (width > columns - start) next = columns + 1;
  }
  lines.push(line);
  return lines;
};
