import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/*
 * A connection to SQLite as a thread of its own, or a test, has it. Loaded by those threads, so it loads next to nothing.
 */

export type ConnectionSettings = {
  path: string;
  /** Reads what is there already; a connection that writes makes the file, and its log, first. */
  readOnly: boolean;
  /** Memory for pages, at most. */
  cacheKiB: number;
};

export type Statement = { sql: string; parameters: readonly unknown[] };

/** `changes`: rows that a statement without rows has changed. `spent`: milliseconds it took. */
export type Result = { rows: unknown[]; changes: number; spent: number };

export type Connection = {
  /**
   * @param limit milliseconds after which a statement that looks at many rows ends
   * @throws OutOfTime, or what SQLite throws
   */
  execute(statement: Statement, limit: number): Result;
  close(): void;
};

/** What ends a statement whose time is over. */
export class OutOfTime extends Error {}

/** Prepared statements kept for reuse; the oldest goes when there are more. */
const MAX_STATEMENTS = 200;

/** Milliseconds to wait for the lock while another process, such as `sluiced token create`, writes. */
const LOCK_WAIT = 5000;

export const openConnection = (
  { path, readOnly, cacheKiB }: ConnectionSettings,
  now: () => number = () => performance.now(),
): Connection => {
  const database = new DatabaseSync(path, {
    readOnly,
    timeout: LOCK_WAIT,
    enableForeignKeyConstraints: true,
  });
  database.exec(`pragma cache_size = -${cacheKiB}; pragma temp_store = memory;`);
  // FULL: what was committed survives the loss of power, not only the death of the process.
  if (!readOnly) {
    database.exec(`
      pragma journal_mode = wal;
      pragma synchronous = full;
      pragma wal_autocheckpoint = 16384;
      pragma journal_size_limit = 134217728;
    `);
  }
  let end = Number.POSITIVE_INFINITY;
  defineInTime(database, () => now() <= end);

  const statements = new Map<string, Prepared>();
  const prepared = (sql: string): Prepared => {
    const known = statements.get(sql);
    if (known) return known;
    if (statements.size >= MAX_STATEMENTS) statements.delete(statements.keys().next().value as string);
    const made = prepare(database, sql);
    statements.set(sql, made);
    return made;
  };

  return {
    execute: ({ sql, parameters }, limit) => {
      // Some failures, such as a full disk, have rolled back already; to do it again would hide the error they were.
      if (sql === 'rollback' && !database.isTransaction) return { rows: [], changes: 0, spent: 0 };
      const start = now();
      end = start + limit;
      const { statement, givesRows } = prepared(sql);
      const values = parameters as SQLInputValue[];
      const rows = givesRows ? statement.all(...values) : [];
      const changes = givesRows ? 0 : Number(statement.run(...values).changes);
      return { rows, changes, spent: now() - start };
    },
    close: () => database.close(),
  };
};

/**
 * SQLite has no clock that could end a statement, and a thread cannot be ended inside of one. So statements that may look
 * at many rows ask, by this function, whether there is time left; its argument ties it to the rows of a table.
 */
export const defineInTime = (database: DatabaseSync, isInTime: () => boolean): void => {
  database.function('in_time', (_row: unknown) => {
    if (!isInTime()) throw new OutOfTime('The time of this statement is over');
    return 1;
  });
};

type Prepared = { statement: StatementSync; givesRows: boolean };

const prepare = (database: DatabaseSync, sql: string): Prepared => {
  const statement = database.prepare(sql);
  const givesRows = statement.columns().length > 0;
  // Every run() reports the last row id, and a row id beyond 2^53 throws unless it may be a BigInt.
  if (!givesRows) statement.setReadBigInts(true);
  return { statement, givesRows };
};
