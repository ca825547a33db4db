import { Outage } from '../../domain/failures/outage.ts';

/** SQLite's primary result codes that speak of the disk or of other processes, not of the statement. */
const OUTAGES = new Set([
  5, // busy
  7, // out of memory
  8, // read-only
  10, // I/O error
  13, // disk full
  14, // cannot be opened
]);

/** An error of SQLite, with its code, as the service knows it: STORAGE_UNAVAILABLE where the database cannot be used now. */
export const translated = (error: unknown, code: number | undefined): unknown => {
  if (code === undefined) return error;
  if (OUTAGES.has(code & 0xff)) return databaseUnavailable(error);
  return error instanceof Error ? Object.assign(error, { errcode: code }) : error;
};

export const databaseUnavailable = (cause: unknown): Outage =>
  new Outage('database', 'The database cannot be used now. Try again later.', cause);
