import { type Kysely, sql } from 'kysely';
import { type ScalarType, TYPE_LETTERS } from '../domain/metadata-index.ts';
import { dialectOf } from './dialect-of.ts';
import type { Database } from './schema.ts';

const TYPES = (Object.keys(TYPE_LETTERS) as ScalarType[]).sort();

/**
 * The first paths of the metadata on a shelf, each with the types of its values. Goes from one path to the next by a seek
 * in the index, so it takes time by the number of paths that are asked for, not of files.
 */
export const fieldsOf = async (
  db: Kysely<Database>,
  shelf: number,
  limit: number,
): Promise<Map<string, string[]>> => {
  const has = TYPES.map((type) => {
    const letter = TYPE_LETTERS[type];
    const next = String.fromCharCode(letter.charCodeAt(0) + 1);
    return sql`
      (
        select m.value from file_metadata as m
        where m.shelf = ${shelf} and m.path = field.path and m.value >= ${letter} and m.value < ${next}
        order by m.value limit 1
      ) as ${sql.id(type)}`;
  });
  const fields = await sql<{ path: string } & Record<ScalarType, string | null>>`
    with recursive field (path, place) as (
      select min(path), 1 from file_metadata where shelf = ${shelf}
      union all
      select (select min(path) from file_metadata where shelf = ${shelf} and path > field.path), place + 1
      from field
      where field.path is not null and place < ${sql.lit(limit)} and ${dialectOf(db).inTime(sql`field.path`)}
    )
    select path, ${sql.join(has)} from field where path is not null`.execute(db);
  return new Map(fields.rows.map((row) => [row.path, TYPES.filter((type) => row[type] !== null)]));
};
