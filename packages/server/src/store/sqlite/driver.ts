import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { ThreadConnection } from './thread.ts';

/** Milliseconds that the next statement may take, and what becomes of those that one took. */
export type Time = { limit(): number; spend(ms: number): void };

export const timeFor = (limitMs: number): Time => ({ limit: () => limitMs, spend: () => {} });

/** Kysely over a connection to SQLite in a thread: each statement is a message there and one back. */
export const dialectOver = (
  connect: () => Promise<ThreadConnection>,
  time: Time = timeFor(Number.POSITIVE_INFINITY),
): Dialect => ({
  createAdapter: () => new ThreadAdapter(),
  createDriver: () => driverOver(connect, time),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
});

const driverOver = (connect: () => Promise<ThreadConnection>, time: Time): Driver => ({
  init: async () => {},
  acquireConnection: async () => connectionOver(connect, time),
  // The write lock is taken at once: a transaction that read first and then had to wait for another process's commit
  // could only fail (SQLITE_BUSY_SNAPSHOT).
  beginTransaction: (connection) => run(connection, 'begin immediate'),
  commitTransaction: (connection) => run(connection, 'commit'),
  rollbackTransaction: (connection) => run(connection, 'rollback'),
  releaseConnection: async () => {},
  destroy: async () => {},
});

/** Bound to the thread of its first statement: a transaction never goes on in the one that takes its place. */
const connectionOver = (connect: () => Promise<ThreadConnection>, time: Time): DatabaseConnection => {
  let thread: Promise<ThreadConnection> | undefined;
  return {
    executeQuery: async <R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> => {
      thread ??= connect();
      const { rows, changes, spent } = await (await thread).execute({ sql, parameters }, time.limit());
      time.spend(spent);
      return { rows: rows as R[], numAffectedRows: BigInt(changes) };
    },
    streamQuery: () => {
      throw new TypeError('There are no cursors here');
    },
  };
};

const run = async (connection: DatabaseConnection, sql: string): Promise<void> => {
  await connection.executeQuery(CompiledQuery.raw(sql));
};

/** Kysely would send each statement only when the one before it is answered; a thread takes them as they come. */
class ThreadAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}
