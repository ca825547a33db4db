import { extname } from 'node:path';
import { shownValue } from '../command-line/shown-value.ts';
import { UsageError } from '../usage-error.ts';
import { csvRecord, csvRecords } from './csv.ts';
import { asReportRow, REPORT_COLUMNS, type ReportRow } from './report-row.ts';

export type ReportFormat = {
  /** What the file begins with. */
  head: string;
  line(row: ReportRow): string;
  /** Rows of a text, without the last one where that is cut. @throws Error where it is no report */
  rows(text: string): unknown[];
};

const NDJSON: ReportFormat = {
  head: '',
  line: (row) => `${JSON.stringify(row)}\n`,
  rows: (text) =>
    text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as unknown),
};

const CSV: ReportFormat = {
  head: csvRecord(REPORT_COLUMNS),
  line: (row) => csvRecord(REPORT_COLUMNS.map((column) => row[column])),
  rows: (text) => {
    const [titles = [], ...records] = csvRecords(text.replace(/^\ufeff/, ''));
    return records.map((record) => Object.fromEntries(record.map((field, at) => [titles[at] ?? '', field])));
  },
};

const FORMATS: Record<string, ReportFormat> = {
  '.csv': CSV,
  '.ndjson': NDJSON,
  '.jsonl': NDJSON,
};

/** By the end of the name. @throws UsageError with what is wrong with it, to be set behind the option's name */
export const reportFormat = (path: string): ReportFormat => {
  const format = FORMATS[extname(path).toLowerCase()];
  if (format === undefined) {
    throw new UsageError(`must be a name that ends in .csv, .ndjson or .jsonl; it is ${shownValue(path)}`);
  }
  return format;
};

export type Report = {
  /** The last row of every file: one file may go under two names. */
  rows: ReportRow[];
  /** Every session that any row names, in order. */
  sessionIds: string[];
};

/** @throws UsageError where it is no report */
export const parseReport = (path: string, text: string): Report => {
  const { rows } = reportFormat(path);
  const last = new Map<string, ReportRow>();
  const sessionIds = new Set<string>();
  let number = 0;
  try {
    for (const value of rows(text)) {
      number++;
      const row = asReportRow(value);
      if (row === null) throw new Error('a column is missing, or holds what it cannot');
      last.set(`${row.path}\0${row.name}`, row);
      for (const id of row.session_id?.split(' ') ?? []) sessionIds.add(id);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${path} is no report of an upload (row ${number}: ${why}).`);
  }
  return { rows: [...last.values()], sessionIds: [...sessionIds] };
};
