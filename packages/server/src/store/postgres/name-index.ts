import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { NameIndex } from '../dialect.ts';
import { countRows } from '../row-count.ts';
import type { Database } from '../schema.ts';
import { trigramsOf } from '../trigrams.ts';

/*
 * The index of names by runs of three characters, in PostgreSQL: a GIN index over what the function
 * `file_name_trigrams` makes of shelf and name, which PostgreSQL keeps up by itself. It needs no extension, and knows
 * cases and shelves apart.
 */

/** Trigrams of a part that are looked up; a name of 900 bytes has no need of more. */
const LOOKED_UP = 32;
/** From so many expected files on, the index is not asked: it finds all of them before it gives the first. */
const TOO_MANY = 50_000;

export const postgresNames: NameIndex = {
  add: async () => {},
  remove: async () => {},

  filesWithPart: async (db, shelves, part, limit) => {
    const trigrams = trigramsOf(part, LOOKED_UP);
    if (trigrams.length === 0) return undefined;
    const rows = matching(shelves, trigrams);
    if ((await expectedRows(db, rows)) > TOO_MANY) return undefined;
    const size = await countRows(db, rows, limit + 1);
    return size <= limit ? { rows, size } : undefined;
  },
};

/** How many rows the planner expects. */
const expectedRows = async (db: Kysely<Database>, rows: RawBuilder<unknown>): Promise<number> => {
  const explained = await sql<Record<string, [{ Plan: { 'Plan Rows': number } }]>>`
    explain (format json) ${rows}`.execute(db);
  const [plan] = Object.values(explained.rows[0] ?? {});
  return plan?.[0].Plan['Plan Rows'] ?? 0;
};

const matching = (shelves: readonly number[], trigrams: readonly string[]): RawBuilder<unknown> =>
  sql.join(
    shelves.map((shelf) => {
      const keys = trigrams.map((trigram) => `${shelf}:${trigram}`);
      return sql`
        select t.number from file as t
        where file_name_trigrams(t.shelf, t.name) @> cast(${sql.val(keys)} as text[])`;
    }),
    sql` union all `,
  );
