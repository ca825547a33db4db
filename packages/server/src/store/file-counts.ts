import { sql } from 'kysely';
import type { Filter } from '../domain/odata/filter.ts';
import { allOf, type Condition, conditionOf } from './file-conditions.ts';
import type { PreparedSearch } from './file-search.ts';
import { FEW, findSource } from './file-sources.ts';
import { countRows } from './row-count.ts';

/**
 * How many files match. The cost grows with the files of the smallest source, and where there is none, with all files:
 * microseconds each if they have to be checked, far less where an index has the answer by itself.
 */
export const countMatches = async (search: PreparedSearch): Promise<number> => {
  const { db, dialect, shelves, parts } = search;
  if (shelves.length === 0) return 0;
  const onShelves: Condition = sql`f.shelf in (${sql.join(shelves)})`;
  const opposite = parts.length === 1 ? negated(parts[0] as Filter) : undefined;
  if (opposite) {
    const all = await countRows(db, sql`select 1 from file as f where ${onShelves}`);
    return all - (await countMatches({ ...search, parts: [opposite] }));
  }
  const source = await findSource(search);
  const unsettled = parts.filter((part) => !source?.settles.includes(part));
  if (source && unsettled.length === 0) return countRows(db, source.rows);
  if (source && (source.size <= FEW || source.point)) {
    return countRows(
      db,
      sql`
        select 1 from (${source.rows}) as c cross join file as f on f.number = c.file_number
        where ${allOf(unsettled.map((part) => conditionOf(part, dialect, null)))}`,
    );
  }
  const conditions = parts.map((part) => conditionOf(part, dialect, null));
  return countRows(db, sql`select 1 from file as f where ${allOf([onShelves, ...conditions])}`);
};

/** The filter that is true where a `not` or `ne` is false: often an index answers that. */
const negated = (part: Filter): Filter | undefined => {
  if (part.kind === 'not') return part.of;
  return part.kind === 'compare' && part.operator === 'ne' ? { ...part, operator: 'eq' } : undefined;
};
