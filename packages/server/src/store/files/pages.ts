import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Filter } from '../../domain/odata/filter.ts';
import type { FilePage } from '../../service/ports/files.ts';
import type { FileTable } from '../schema.ts';
import { allOf, type Condition, conditionOf, countLeaves } from './conditions.ts';
import { orderOf } from './order.ts';
import type { PreparedSearch } from './search.ts';
import { FEW, findSource, isLookedUpBy, type Source } from './sources.ts';

/**
 * The rows of a page, in order. What it costs depends on the smallest source of the search:
 *
 * - one with few files is gone through, and what matches is sorted;
 * - one of a value in the metadata is in order of creation already, and is walked from where the page begins;
 * - otherwise the files are walked in the order of the list.
 *
 * A walk ends with the page, so it is short where matches are frequent. A page by cursor costs the same anywhere; a page
 * by number costs a walk over the pages before it.
 */
export const findPage = async (search: PreparedSearch, page: FilePage): Promise<Selectable<FileTable>[]> => {
  const source = await findSource(search);
  const byCreation = page.sort.field === 'created_at';
  if (source?.point && byCreation) return walkFiles(search, page, walkOfPoint(search, source, source.point));
  if (source && source.size <= FEW) return sortFew(search, page, source);
  return walkFiles(search, page, walkOfAll(search, page));
};

/** A way through files in the order of a list. */
type Walk = {
  /** The table with the index that has this order, and how the file `f` comes to its rows. */
  table: RawBuilder<unknown>;
  withFile: RawBuilder<unknown>;
  key: RawBuilder<unknown>;
  on(shelf: number): Condition;
  /** Whether the index has the ids of the files too, so that it goes right to a cursor. */
  hasIds: boolean;
  /** What has to be checked for each file. */
  checks: readonly Filter[];
};

const walkOfPoint = (
  { dialect, parts }: PreparedSearch,
  { settles }: Source,
  { path, value }: NonNullable<Source['point']>,
): Walk => ({
  table: sql`file_metadata as m`,
  withFile: sql`${dialect.thenJoin} file as f on f.number = m.file_number`,
  key: sql`m.created_at`,
  on: (shelf) =>
    allOf([
      sql`m.shelf = ${shelf} and m.path = ${path} and m.value = ${value}`,
      dialect.inTimeAt(sql`m.file_number`),
    ]),
  hasIds: false,
  checks: parts.filter((part) => !settles.includes(part)),
});

const walkOfAll = ({ dialect, parts }: PreparedSearch, { sort: { field } }: FilePage): Walk => {
  const bounds = parts.filter((part) => part.kind !== 'in' && isLookedUpBy(part, field));
  const within = bounds.map((part) => conditionOf(part, { dialect, indexed: field, gathered: null }));
  return {
    table: sql`file as f`,
    withFile: sql``,
    key: field === 'name' ? sql`f.name` : sql`f.created_at`,
    on: (shelf) => allOf([sql`f.shelf = ${shelf}`, dialect.inTimeAt(sql`f.number`), ...within]),
    hasIds: true,
    checks: parts.filter((part) => !bounds.includes(part)),
  };
};

/** Comparisons that a walk may take, file by file, before it is taken to be a long one: first so many, then so many. */
const STRETCHES = [1000, 30_000];

/**
 * Where matches are rare although no index says so (a `not` that is rarely true, two frequent values that rarely meet),
 * a walk may go over every file. Then it pays to gather what has the metadata asked for first.
 */
const walkFiles = async (
  search: PreparedSearch,
  page: FilePage,
  walk: Walk,
): Promise<Selectable<FileTable>[]> => {
  const { dialect, shelves } = search;
  const order = orderOf(page);
  const start = walk.hasIds ? [] : order.from(walk.key);
  const query = (gathered: readonly number[] | null, end: Condition[]) => {
    const checks = walk.checks.map((part) => conditionOf(part, { dialect, indexed: null, gathered }));
    // Each shelf is in order by itself.
    const walks = shelves.map(
      (shelf) => sql`
        select f.number, ${walk.key} as sort_value, f.id from ${walk.table} ${walk.withFile}
        where ${allOf([walk.on(shelf), ...start, ...order.behind(walk.key), ...end, ...checks])}`,
    );
    const rows = page.limit + (page.offset ?? 0);
    return fetch(search, page, dialect.merged(walks, order.ofRows, rows));
  };
  if (walk.checks.length === 0) return query(null, []);
  const comparisons = countLeaves({ kind: 'and', of: [...walk.checks] });
  for (const stretch of STRETCHES) {
    const end = await keyAhead(search, page, walk, Math.ceil(stretch / comparisons));
    if (end === undefined) return query(null, []);
    const found = await query(null, [order.until(walk.key, end)]);
    if (found.length === page.limit) return found;
  }
  return query(shelves, []);
};

/** What the file that is so many files ahead is sorted by; undefined if there are no more than that. */
const keyAhead = async (
  { db, dialect, shelves }: PreparedSearch,
  page: FilePage,
  { table, key, on }: Walk,
  files: number,
): Promise<string | number | undefined> => {
  const order = orderOf(page);
  const keys = shelves.map(
    (shelf) => sql`select ${key} as sort_value from ${table} where ${allOf([on(shelf), ...order.from(key)])}`,
  );
  const byKey = sql`sort_value ${order.direction}`;
  const ahead = await sql<{ sortValue: string | number }>`
    ${dialect.merged(keys, byKey, files + 1)}
    order by ${byKey} limit 1 offset ${sql.lit(files)}`.execute(db);
  return ahead.rows[0]?.sortValue;
};

const sortFew = async (
  search: PreparedSearch,
  page: FilePage,
  { rows, settles }: Source,
): Promise<Selectable<FileTable>[]> => {
  const { dialect, parts } = search;
  const key = page.sort.field === 'name' ? sql`f.name` : sql`f.created_at`;
  const checks = parts
    .filter((part) => !settles.includes(part))
    .map((part) => conditionOf(part, { dialect, indexed: null, gathered: null }));
  return fetch(
    search,
    page,
    sql`
      select f.number, ${key} as sort_value, f.id
      from (${rows}) as c ${dialect.thenJoin} file as f on f.number = c.number
      where ${allOf([...orderOf(page).behind(key), ...checks])}`,
  );
};

/** Rows are fetched last, for the files on the page only: their metadata may be large. */
const fetch = async (
  { db, dialect }: PreparedSearch,
  page: FilePage,
  matching: RawBuilder<unknown>,
): Promise<Selectable<FileTable>[]> => {
  const { direction, ofRows } = orderOf(page);
  const found = await sql<Selectable<FileTable>>`
    select file.* from (
      ${matching}
      order by ${ofRows} limit ${page.limit} offset ${page.offset ?? 0}
    ) as page ${dialect.thenJoin} file on file.number = page.number
    order by page.sort_value ${direction}, page.id ${direction}`.execute(db);
  return found.rows;
};
