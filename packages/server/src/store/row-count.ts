import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from './schema.ts';

/** How many rows a query has. With a `limit`, no more than that many are looked at, or counted. */
export const countRows = async (
  db: Kysely<Database>,
  rows: RawBuilder<unknown>,
  limit?: number,
): Promise<number> => {
  const end = limit === undefined ? sql`` : sql` limit ${sql.lit(limit)}`;
  const counted = await sql<{
    count: number;
  }>`select count(*) as count from (${rows}${end}) as counted`.execute(db);
  return Number(counted.rows[0]?.count);
};
