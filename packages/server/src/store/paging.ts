import { type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import { unknownCursor } from '../domain/paging.ts';
import type { PageRequest, Rows } from '../service/ports/paging.ts';
import type { Database } from './schema.ts';

/** What rows are in order of: ids are made in the order of time, so where no time is kept the id is enough. */
type Key = readonly ('createdAt' | 'id')[];
const CREATED: Key = ['createdAt', 'id'];

type Position = { id: string; createdAt?: Instant };

// The tables differ, the two columns do not; Kysely's types cannot say that, so the builder is loose in this file only.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Matching = SelectQueryBuilder<Database, any, any>;

/**
 * One page of the rows that match. A cursor is the id of a row that is known, which need not match: `before` = created
 * earlier than it, `after` = later, whatever the direction; it wins over a page number.
 * @param of.known where an id may be from; the rows that match, where absent
 * @param of.total how many match; counted where absent
 * @throws INVALID for a cursor that is not known
 */
export const pageByCreation = async <T>(
  {
    matching,
    known = [matching],
    total,
    key = CREATED,
  }: { matching: Matching; known?: readonly Matching[]; total?: number | undefined; key?: Key },
  page: PageRequest,
  direction: 'asc' | 'desc',
): Promise<Rows<T>> => {
  let rows: Matching = matching.selectAll();
  for (const [name, relation] of [
    ['before', '<'],
    ['after', '>'],
  ] as const) {
    const cursor = page[name];
    if (cursor === null) continue;
    const at = await findFirst(known, key, cursor);
    if (!at) throw unknownCursor(name, cursor);
    const [columns, values] = [key.map((column) => sql.ref(column)), key.map((column) => at[column])];
    rows = rows.where(sql<SqlBool>`(${sql.join(columns)}) ${sql.raw(relation)} (${sql.join(values)})`);
  }
  for (const column of key) rows = rows.orderBy(column, direction);
  rows = rows.limit(page.limit + 1);
  const byNumber = page.before === null && page.after === null ? (page.pageNumber ?? 1) : 1;
  if (byNumber > 1) rows = rows.offset((byNumber - 1) * page.limit);

  const found = (await rows.execute()) as T[];
  return {
    rows: found.slice(0, page.limit),
    hasMore: found.length > page.limit,
    total: total ?? (await countRows(matching)),
  };
};

const findFirst = async (known: readonly Matching[], key: Key, id: string): Promise<Position | undefined> => {
  for (const rows of known) {
    const row = await rows.select(key).where('id', '=', id).executeTakeFirst();
    if (row) return row as Position;
  }
  return undefined;
};

const countRows = async (matching: Matching): Promise<number> => {
  const counted = await matching
    .clearSelect()
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number((counted as { count: number }).count);
};
