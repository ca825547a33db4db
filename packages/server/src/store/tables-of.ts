import { type Kysely, PostgresAdapter, SqliteAdapter } from 'kysely';
import type { Tables } from './dialect.ts';
import { postgresSql } from './postgres/sql.ts';
import type { Database } from './schema.ts';
import { sqliteSql } from './sqlite/sql.ts';

/** Of a database or a transaction. */
export const tablesOf = (db: Kysely<Database>): Tables => {
  const { adapter } = db.getExecutor();
  if (adapter instanceof SqliteAdapter) return { db, dialect: sqliteSql };
  if (adapter instanceof PostgresAdapter) return { db, dialect: postgresSql };
  throw new Error('There is no SQL for this database');
};
