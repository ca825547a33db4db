import { type RawBuilder, sql } from 'kysely';
import type { FilePage } from '../../service/ports/files.ts';
import type { Condition } from './conditions.ts';

/** The order of a list as SQL: by a key, then by the id of the file `f`. */
export const orderOf = ({ sort, after }: FilePage) => {
  const ascending = sort.order === 'ASC';
  const [beyond, up] = ascending ? [sql`>`, sql`>=`] : [sql`<`, sql`<=`];
  const down = ascending ? sql`<=` : sql`>=`;
  const direction = ascending ? sql`asc` : sql`desc`;
  return {
    direction,
    /** Of rows with `sort_value` and `id`. */
    ofRows: sql`sort_value ${direction}, id ${direction}`,
    /** Behind the cursor. */
    behind: (key: Key): Condition[] =>
      after ? [sql`(${key}, f.id) ${beyond} (${after.value}, ${after.id})`] : [],
    /** Not before the key of the cursor. */
    from: (key: Key): Condition[] => (after ? [sql`${key} ${up} ${after.value}`] : []),
    /** Not behind a key. */
    until: (key: Key, end: string | number): Condition => sql`${key} ${down} ${end}`,
  };
};

type Key = RawBuilder<unknown>;
