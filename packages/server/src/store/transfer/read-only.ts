import { type BigIntStats, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { type SqliteDatabase, SqliteDialect } from 'kysely';
import { defineInTime } from '../sqlite/connection.ts';

/**
 * Opens a database without changing a byte of it, for one whose owner is not running. What an owner that was killed has
 * left in the log (`-wal`) counts; the index of the log (`-shm`) may be made anew by reading.
 */
export const openReadOnly = (path: string): DatabaseSync => {
  const url = pathToFileURL(path);
  // Without a log, SQLite would make an empty one even to read; it does not where it is told that nothing changes.
  if ((statOf(`${path}-wal`)?.size ?? 0n) === 0n) url.searchParams.set('immutable', '1');
  const database = new DatabaseSync(url, { readOnly: true, timeout: 5000 });
  // Nobody else waits here, so a read may take its time.
  defineInTime(database, () => true);
  return database;
};

/** A text that changes when anybody writes to one of these databases. */
export const fingerprint = (paths: readonly string[]): string =>
  paths
    .flatMap((path) => [path, `${path}-wal`])
    .map((path) => {
      const stat = statOf(path);
      // An empty log is none.
      return stat === undefined || stat.size === 0n ? '-' : `${stat.size} ${stat.mtimeNs}`;
    })
    .join(', ');

/** Kysely over a connection that only reads. */
export const readOnlyDialect = (connection: DatabaseSync): SqliteDialect => {
  const database: SqliteDatabase = {
    close: () => connection.close(),
    prepare: (text) => {
      const statement = connection.prepare(text);
      return {
        reader: true,
        all: (parameters) => statement.all(...(parameters as string[])),
        run: () => {
          throw new Error('This database is only read');
        },
        iterate: (parameters) => statement.iterate(...(parameters as string[])),
      };
    },
  };
  return new SqliteDialect({ database });
};

const statOf = (path: string): BigIntStats | undefined =>
  statSync(path, { bigint: true, throwIfNoEntry: false });
