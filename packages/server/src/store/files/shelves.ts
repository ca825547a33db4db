import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';

/**
 * How many numbers a shelf has for its files. Those of one shelf follow each other, so that an index by number can be
 * asked for one shelf only. Number of shelf and file together stay exact in a double up to two million shelves.
 */
const NUMBERS = 2 ** 32;

/** The shelves a list looks at: that of the files that stay and, if asked for, that of the TEMPORARY ones. */
export const shelvesOf = async (
  db: Kysely<Database>,
  workspaceId: string,
  includeTemporary: boolean,
): Promise<number[]> => {
  const rows = await db
    .selectFrom('fileShelf')
    .select('number')
    .where('workspaceId', '=', workspaceId)
    .where('temporary', '<=', Number(includeTemporary))
    .execute();
  return rows.map((row) => row.number);
};

/** The shelf for new files, made where there is none yet. */
export const shelfFor = async (
  trx: Kysely<Database>,
  workspaceId: string,
  temporary: boolean,
): Promise<number> => {
  const find = () =>
    trx
      .selectFrom('fileShelf')
      .select('number')
      .where('workspaceId', '=', workspaceId)
      .where('temporary', '=', Number(temporary));
  const found = await find().executeTakeFirst();
  if (found) return found.number;
  await trx
    .insertInto('fileShelf')
    .values({ workspaceId, temporary: Number(temporary) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return (await find().executeTakeFirstOrThrow()).number;
};

/** First and last of the numbers that files of a shelf may have. */
export const numbersOf = (shelf: number): { first: number; last: number } => ({
  first: shelf * NUMBERS,
  last: (shelf + 1) * NUMBERS - 1,
});

/** The first number that no file of a shelf has, nor any number after it. */
export const nextNumber = async (trx: Kysely<Database>, shelf: number): Promise<number> => {
  const { first, last } = numbersOf(shelf);
  const newest = await trx
    .selectFrom('file')
    .select('number')
    .where('number', '>=', first)
    .where('number', '<=', last)
    .orderBy('number', 'desc')
    .limit(sql.lit(1))
    .executeTakeFirst();
  return newest ? newest.number + 1 : first;
};
