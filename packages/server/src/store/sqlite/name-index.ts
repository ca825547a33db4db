import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { NameIndex } from '../dialect.ts';
import { numbersOf } from '../files/shelves.ts';
import { countRows } from '../row-count.ts';
import type { Database } from '../schema.ts';
import { trigramsOf } from '../trigrams.ts';

/*
 * The index of names by runs of three characters, in SQLite: an FTS5 table. It knows which names hold which trigrams,
 * not where, so what it gives are candidates, to be checked.
 */

/** Trigrams of a part that are looked up; a name of 900 bytes has no need of more. */
const LOOKED_UP = 32;
/** Files among which the spread of a trigram is judged. */
const SAMPLE = 100;
/** Trigrams that are asked for together at first: more exclude little, and common ones are slow to go through. */
const ASKED = 3;

export const sqliteNames: NameIndex = {
  add: async (trx, numbers) => {
    await sql`
      insert into file_name_trigram (rowid, name)
      select number, name from file where number in ${listed(numbers)}`.execute(trx);
  },

  remove: async (trx, numbers) => {
    await sql`delete from file_name_trigram where rowid in ${listed(numbers)}`.execute(trx);
  },

  filesWithPart: async (db, shelves, part, limit) => {
    const trigrams = trigramsOf(part, LOOKED_UP).map((trigram) => `"${trigram.replaceAll('"', '""')}"`);
    if (trigrams.length === 0) return undefined;
    const rarestFirst = await byRarity(db, shelves, trigrams);
    for (const asked of [ASKED, LOOKED_UP]) {
      const rows = matching(shelves, rarestFirst.slice(0, asked).join(' AND '));
      const size = await countRows(db, rows, limit + 1);
      if (size <= limit) return { rows, size };
      if (trigrams.length <= asked) break;
    }
    return undefined;
  },
};

const listed = (numbers: readonly number[]): RawBuilder<unknown> =>
  sql`(select value from json_each(${JSON.stringify(numbers)}))`;

/**
 * Asking for all trigrams of `report-0712345.txt` means to walk along the million names with `.tx`; the few that have
 * `712` say almost as much. How rare one is shows in how far its first files reach.
 */
const byRarity = async (
  db: Kysely<Database>,
  shelves: readonly number[],
  words: readonly string[],
): Promise<string[]> => {
  const judged = await sql<{ word: string; reach: number | null }>`
    select
      word.value as word,
      (${matching(shelves, sql`word.value`)} limit 1 offset ${sql.lit(SAMPLE - 1)}) as reach
    from json_each(${JSON.stringify(words)}) as word`.execute(db);
  const reachOf = (row: { reach: number | null }) => row.reach ?? Number.MAX_VALUE;
  return judged.rows.sort((a, b) => reachOf(b) - reachOf(a)).map((row) => row.word);
};

/** Numbers of files of some shelves that match a query of FTS5. */
const matching = (shelves: readonly number[], query: unknown): RawBuilder<unknown> =>
  sql.join(
    shelves.map((shelf) => {
      const { first, last } = numbersOf(shelf);
      // Cast: parameters are bound as doubles, which FTS5 does not take as bounds.
      return sql`
        select rowid as number from file_name_trigram
        where file_name_trigram match ${query}
          and rowid between cast(${first} as integer) and cast(${last} as integer)
          and in_time(rowid)`;
    }),
    sql` union all `,
  );
