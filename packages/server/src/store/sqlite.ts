import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';

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
    pragma cache_size = -65536;
    pragma temp_store = memory;
    pragma journal_size_limit = 67108864;
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
      const statement = adapt(database.prepare(sql));
      statements.set(sql, statement);
      return statement;
    },
  };
};

const adapt = (statement: StatementSync): SqliteStatement => {
  const reader = statement.columns().length > 0;
  // Every run() reports the last row id, and a row id beyond 2^53 throws unless it may be a BigInt.
  if (!reader) statement.setReadBigInts(true);
  return {
    reader,
    all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
    run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
    iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
  };
};
