import { DatabaseSync } from 'node:sqlite';

/** Goes up when the tables change; a database of a later version is not touched. */
export const VERSION = 1;

/**
 * Keys and bodies are apart, so that giving an object another key moves no byte of it. A small body is a row of `body`,
 * a large one a file named by `file`.
 */
const TABLES = `
  create table object (
    key text primary key,
    size integer not null,
    etag text not null,
    stored_at integer not null,
    is_sidecar integer not null,
    body_id integer,
    file text
  ) strict, without rowid;
  create unique index object_file on object (file) where file is not null;
  create table body (id integer primary key, bytes blob not null) strict;
  create table sealed_prefix (prefix text primary key, sealed_at integer not null) strict, without rowid;
`;

/**
 * Opens the database for the one connection that writes, creating what is not there yet.
 * @throws where it is of a later version
 */
export const openForWriting = (path: string): DatabaseSync => {
  const database = new DatabaseSync(path, { timeout: 5000 });
  // FULL: what was committed survives the loss of power, not only the death of the process. Pages of 8 KiB hold what
  // is typically stored best (measured, 1 to 32 KiB); a larger cache makes every commit slower, since SQLite walks it.
  database.exec(`
    pragma page_size = 8192;
    pragma journal_mode = wal;
    pragma synchronous = full;
    pragma wal_autocheckpoint = 2000;
    pragma journal_size_limit = 67108864;
    pragma cache_size = -8192;
    pragma temp_store = memory;
  `);
  const { user_version: version } = database.prepare('pragma user_version').get() as { user_version: number };
  if (version > VERSION) throw new Error(`${path} was written by a later version of Sluice`);
  if (version === 0) database.exec(`begin immediate; ${TABLES} pragma user_version = ${VERSION}; commit;`);
  return database;
};

/** For the event loop, which never waits for a lock; none is taken that readers would wait for. */
export const openForReading = (path: string): DatabaseSync =>
  new DatabaseSync(path, { readOnly: true, timeout: 0 });

/** A row of `object`. */
export type ObjectRow = {
  key: string;
  size: number;
  etag: string;
  stored_at: number;
  body_id: number | null;
  file: string | null;
};
