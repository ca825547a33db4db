import { guarded, unguarded } from './formula.ts';

/**
 * A record of CSV as RFC 4180 has it, with its line end. What a spreadsheet would take for a formula gets an apostrophe
 * before it, which `csvRecords` takes off: names come from elsewhere.
 */
export const csvRecord = (fields: readonly (string | number | null)[]): string =>
  `${fields.map((field) => quoted(guarded(String(field ?? '')))).join(',')}\r\n`;

const quoted = (text: string): string =>
  /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

const FIELD = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;

/** A quote that nothing closes. */
const CUT = /"(?:[^"]|"")*$/y;

/**
 * The records of a text, each a list of fields. A last record without its end is left out: it was being written when
 * the writer was killed.
 * @throws Error where it is no CSV
 */
export const csvRecords = (text: string): string[][] => {
  const records: string[][] = [];
  let record: string[] = [];
  FIELD.lastIndex = 0;
  while (FIELD.lastIndex < text.length) {
    const start = FIELD.lastIndex;
    const found = FIELD.exec(text);
    if (found === null) {
      CUT.lastIndex = start;
      if (CUT.test(text)) break;
      throw new Error(`It is no CSV at character ${start + 1}.`);
    }
    const [, inQuotes, plain, end] = found;
    record.push(unguarded(inQuotes?.replaceAll('""', '"') ?? plain ?? ''));
    if (end === ',') continue;
    if (end === '') break;
    records.push(record);
    record = [];
  }
  return records;
};
