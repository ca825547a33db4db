import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';
import { DomainError } from '../domain/errors.ts';

/** Prepared statements kept for reuse; the oldest goes when there are more. */
const MAX_STATEMENTS = 200;

/** Kysely over the SQLite that comes with Node. */
export const sqliteDialect = (path: string): SqliteDialect =>
  new SqliteDialect({ database: openSqlite(path) });

const openSqlite = (path: string): SqliteDatabase => {
  const database = new DatabaseSync(path, { timeout: 5000, enableForeignKeyConstraints: true });
  // FULL: what was committed survives the loss of power, not only the death of the process.
  database.exec(`
    pragma journal_mode = wal;
    pragma synchronous = full;
    pragma wal_autocheckpoint = 16384;
    pragma cache_size = -65536;
    pragma temp_store = memory;
    pragma journal_size_limit = 134217728;
  `);
  const statements = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare: (text) => {
      // A transaction takes the write lock at once: one that read first and then had to wait for another process's
      // commit could only fail (SQLITE_BUSY_SNAPSHOT).
      const sql = text === 'begin' ? 'begin immediate' : text;
      const known = statements.get(sql);
      if (known) return known;
      if (statements.size >= MAX_STATEMENTS) statements.delete(statements.keys().next().value as string);
      const prepared = adapt(database.prepare(sql));
      // Some failures, such as a full disk, have rolled back already; to do it again would hide the error they were.
      const statement =
        sql === 'rollback' ? { ...prepared, run: rollbackIfOpen(database, prepared) } : prepared;
      statements.set(sql, statement);
      return statement;
    },
  };
};

const rollbackIfOpen =
  (database: DatabaseSync, { run }: SqliteStatement): SqliteStatement['run'] =>
  (parameters) =>
    database.isTransaction ? run(parameters) : { changes: 0, lastInsertRowid: 0 };

const adapt = (statement: StatementSync): SqliteStatement => {
  const reader = statement.columns().length > 0;
  // Every run() reports the last row id, and a row id beyond 2^53 throws unless it may be a BigInt.
  if (!reader) statement.setReadBigInts(true);
  return {
    reader,
    all: (parameters) => translating(() => statement.all(...(parameters as SQLInputValue[]))),
    run: (parameters) => translating(() => statement.run(...(parameters as SQLInputValue[]))),
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
  };
};

/** SQLite's primary result codes that speak of the disk or of other processes, not of the statement. */
const OUTAGES = new Set([
  5, // busy
  7, // out of memory
  8, // read-only
  10, // I/O error
  13, // disk full
  14, // cannot be opened
]);

const translating = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
    if (!OUTAGES.has(code)) throw error;
    throw new DomainError('STORAGE_UNAVAILABLE', 'The database cannot be used now. Try again later.', {
      cause: error,
      blame: 'database',
    });
  }
};
