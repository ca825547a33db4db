import { type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { PageRequest, Rows } from '../service/ports.ts';
import type { Database } from './schema.ts';

type Created = { id: string; createdAt: Instant };

// The tables differ, the two columns do not; Kysely's types cannot say that, so the builder is loose in this file only.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Matching = SelectQueryBuilder<Database, any, any>;

/**
 * One page of the rows that match. A cursor is the id of one of those rows: `before` = created earlier than it, `after`
 * = later, whatever the direction; it wins over a page number. Undefined where the cursor is no such row.
 */
export const pageByCreation = async <T>(
  matching: Matching,
  page: PageRequest,
  direction: 'asc' | 'desc',
  knownTotal?: number,
): Promise<Rows<T> | undefined> => {
  let rows: Matching = matching.selectAll();
  for (const [cursor, relation] of [
    [page.before, '<'],
    [page.after, '>'],
  ] as const) {
    if (cursor === null) continue;
    const at = (await matching.select(['id', 'createdAt']).where('id', '=', cursor).executeTakeFirst()) as
      | Created
      | undefined;
    if (!at) return undefined;
    rows = rows.where(sql<SqlBool>`(created_at, id) ${sql.raw(relation)} (${at.createdAt}, ${at.id})`);
  }
  rows = rows
    .orderBy('createdAt', direction)
    .orderBy('id', direction)
    .limit(page.limit + 1);
  const byNumber = page.before === null && page.after === null ? (page.pageNumber ?? 1) : 1;
  if (byNumber > 1) rows = rows.offset((byNumber - 1) * page.limit);

  const found = (await rows.execute()) as T[];
  const total = knownTotal ?? (await countRows(matching));
  return { rows: found.slice(0, page.limit), hasMore: found.length > page.limit, total };
};

const countRows = async (matching: Matching): Promise<number> => {
  const counted = await matching
    .clearSelect()
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number((counted as { count: number }).count);
};
