import { type Kysely, PostgresAdapter, SqliteAdapter } from 'kysely';
import type { Dialect } from './dialect.ts';
import { postgresSql } from './postgres/sql.ts';
import type { Database } from './schema.ts';
import { sqliteSql } from './sqlite/sql.ts';

export const dialectOf = (db: Kysely<Database>): Dialect => {
  const { adapter } = db.getExecutor();
  if (adapter instanceof SqliteAdapter) return sqliteSql;
  if (adapter instanceof PostgresAdapter) return postgresSql;
  throw new Error('There is no SQL for this database');
};
