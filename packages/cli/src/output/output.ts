import { jsonText } from '@sluice/client';
import { printable, printableJson } from '@sluice/contract/plain';
import type { Progress } from './progress-meter.ts';
import { progressView } from './progress-view.ts';
import { LEAST_ROOM, type RowCell, rowLines } from './row-lines.ts';
import type { Screen } from './screen.ts';
import { type Cell, tableLines } from './table.ts';

/** A column of a list; the last one is as wide as it comes. */
export type Column<Row> = { title: string; width: number; right?: true; of: (row: Row) => string };

export type Output = {
  readonly json: boolean;
  /** One result: the object as JSON, or else the lines. */
  result(object: object, ...lines: string[]): void;
  /** One result of many parts: the object as JSON, or else rows in columns. */
  table(object: object, rows: readonly (readonly Cell[])[]): void;
  /** One result as lines of name and value. */
  fields(object: object, fields: readonly (readonly [string, string])[]): void;
  /**
   * Gives a function that prints rows: as JSON, aligned below titles on a terminal, else with tabs between. It throws
   * ReaderGone where nobody reads them.
   */
  list<Row extends object>(columns: readonly Column<Row>[]): (row: Row) => void;
  /** A line for people, beside the results: not under `--json`, not when told to be quiet. */
  say(line: string): void;
  /** A line for whoever sits at the terminal, and for nobody else. */
  hint(line: string): void;
  /** One sentence about what went wrong. */
  error(sentence: string): void;
  /** One sentence about what may not be meant; the same one once. */
  warn(sentence: string): void;
  /** How far it is. */
  progress(progress: Progress): void;
};

export type OutputSettings = {
  stdout: Screen;
  stderr: Screen;
  json?: boolean;
  quiet?: boolean;
  showProgress?: boolean;
  /** Colours, where a terminal shows them. */
  colour?: boolean;
  /** Aborts once nobody reads `stdout` any more. */
  readerGone?: AbortSignal | undefined;
};

/** Thrown by a list that nobody reads any more: all there was to do is done. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone';
}

/** Results and what is said go to `stdout`, errors, hints and progress to `stderr`. */
export const createOutput = (settings: OutputSettings): Output => {
  const { stdout, stderr, json = false, quiet = false, showProgress = true, colour = true } = settings;
  const { readerGone } = settings;
  const progress = progressView(stderr);
  const write = (screen: Screen, line: string) => {
    progress.clear();
    screen.write(`${line}\n`);
  };
  const print = (line: string) => write(stdout, printable(line));
  const columns = (stdout.isTTY === true && stdout.columns) || Number.POSITIVE_INFINITY;
  const printRow = (cells: readonly RowCell[], widths: readonly number[]) => {
    const shown = cells.map((cell) => ({ ...cell, text: printable(cell.text) }));
    for (const line of rowLines(shown, widths, columns)) write(stdout, line);
  };
  const complain = (sentence: string) =>
    write(stderr, `sluice: ${printable(sentence.replace(/\s+/g, ' ').trim())}`);
  const warned = new Set<string>();
  const printJson = (object: object) => write(stdout, printableJson(jsonText(object)));

  return {
    json,
    result: (object, ...lines) => (json ? printJson(object) : lines.forEach(print)),
    table: (object, rows) => {
      if (json) return printJson(object);
      for (const line of tableLines(rows, colour && stdout.isTTY === true, columns)) write(stdout, line);
    },
    fields: (object, fields) => {
      if (json) return printJson(object);
      const width = Math.max(...fields.map(([name]) => name.length));
      for (const [name, value] of fields) printRow([{ text: name }, { text: value }], [width]);
    },
    list: (shown) => {
      const widths = shown.map(({ title, width }) => Math.max(width, title.length));
      const cellsOf = (text: (column: (typeof shown)[number]) => string) =>
        shown.map((column) => ({
          text: text(column),
          right: column.right,
          least: column.width === 0 ? LEAST_ROOM : undefined,
        }));
      const titles = cellsOf(({ title }) => title);
      let titled = false;
      return (row) => {
        if (readerGone?.aborted) throw new ReaderGone();
        if (json) return printJson(row);
        if (stdout.isTTY !== true) return write(stdout, shown.map(({ of }) => printable(of(row))).join('\t'));
        if (!titled) printRow(titles, widths);
        titled = true;
        printRow(
          cellsOf(({ of }) => of(row)),
          widths,
        );
      };
    },
    say: (line) => {
      if (!json && !quiet) print(line);
    },
    hint: (line) => {
      if (stderr.isTTY === true) write(stderr, printable(line));
    },
    error: complain,
    warn: (sentence) => {
      if (!warned.has(sentence)) complain(`note: ${sentence}`);
      warned.add(sentence);
    },
    progress: (now) => {
      if (!quiet && showProgress) progress.show(now);
    },
  };
};
