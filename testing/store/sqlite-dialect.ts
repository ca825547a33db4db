import { type Dialect, SqliteAdapter } from 'kysely';
import { openConnection } from '../../packages/server/src/store/sqlite/connection.ts';
import { dialectOver } from '../../packages/server/src/store/sqlite/driver.ts';
import type { ThreadConnection } from '../../packages/server/src/store/sqlite/thread.ts';

/** Kysely over SQLite in this thread, for where nobody else waits: a statement keeps all that runs here from going on. */
export const sqliteDialect = (path: string): Dialect => {
  const connection = openConnection({ path, readOnly: false, cacheKiB: 65_536 });
  const here: ThreadConnection = {
    execute: async (statement, limit) => connection.execute(statement, limit),
  };
  // One thing at a time: what is asked meanwhile is no part of a transaction.
  return { ...dialectOver(async () => here), createAdapter: () => new SqliteAdapter() };
};
