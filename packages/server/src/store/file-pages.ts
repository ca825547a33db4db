import { type RawBuilder, sql } from 'kysely';
import type { FilePage, FileSort } from '../service/ports.ts';
import { allOf, type Condition, conditionOf } from './file-conditions.ts';
import type { PreparedSearch } from './file-search.ts';
import { FEW, findSource } from './file-sources.ts';

/**
 * A query for the `number` and the `sort_value` of the files on a page, in their order.
 *
 * There are three ways to a page:
 * - where the smallest source has one value of the metadata in common, the index has its files in order of creation
 *   already: they are walked from where the page begins;
 * - where the smallest source has few files, all of them are checked and sorted;
 * - else the files are walked in the order of the list, and checked. Matches are frequent then. Where they are not,
 *   though no index says so (a `not` that is rarely true, two frequent values that rarely meet, a part of a name that
 *   has fewer than three characters), every file is looked at.
 *
 * A page by number costs as much as the pages before it; a page by cursor costs the same anywhere.
 */
export const pageQuery = async (search: PreparedSearch, page: FilePage): Promise<RawBuilder<unknown>> => {
  const ascending = page.sort.order === 'ASC';
  const behind = (key: RawBuilder<unknown>): Condition[] =>
    page.after
      ? [sql`(${key}, f.id) ${ascending ? sql`>` : sql`<`} (${page.after.value}, ${page.after.id})`]
      : [];
  const walks = await chooseWalks(search, page.sort);
  const rows = walks.map(
    ({ from, key, conditions }) => sql`
      select f.number, ${key} as sort_value, f.id from ${from} where ${allOf([...conditions, ...behind(key)])}`,
  );
  const direction = ascending ? sql`asc` : sql`desc`;
  const offset = page.after ? 0 : page.offset;
  return sql`
    ${sql.join(rows, sql` union all `)}
    order by sort_value ${direction}, id ${direction} limit ${page.limit} offset ${offset}`;
};

type Walk = { from: RawBuilder<unknown>; key: RawBuilder<unknown>; conditions: Condition[] };

/** One for all shelves, or one for each: those are in order by themselves, and the database merges them. */
const chooseWalks = async (search: PreparedSearch, sort: FileSort): Promise<Walk[]> => {
  const { dialect, shelves, parts } = search;
  const source = await findSource(search);
  const unsettled = parts.filter((part) => !source?.settles.includes(part));
  const conditions = unsettled.map((part) => conditionOf(part, { dialect, indexed: null, gathered: null }));
  const key = sort.field === 'name' ? sql`f.name` : sql`f.created_at`;

  // "cross join" keeps the order of the tables, which SQLite would otherwise guess at.
  if (source?.point && sort.field === 'created_at') {
    const { path, value } = source.point;
    return shelves.map((shelf) => ({
      from: sql`file_metadata as m cross join file as f on f.number = m.file_number`,
      key: sql`m.created_at`,
      conditions: [sql`m.shelf = ${shelf} and m.path = ${path} and m.value = ${value}`, ...conditions],
    }));
  }
  if (source && source.size <= FEW) {
    const from = sql`(${source.rows}) as c cross join file as f on f.number = c.number`;
    return [{ from, key, conditions }];
  }
  const all = parts.map((part) => conditionOf(part, { dialect, indexed: sort.field, gathered: null }));
  return shelves.map((shelf) => ({
    from: sql`file as f`,
    key,
    conditions: [sql`f.shelf = ${shelf}`, ...all],
  }));
};
