import { type RawBuilder, sql } from 'kysely';
import {
  indexedPath,
  type ScalarType,
  TIME_LETTER,
  TYPE_LETTERS,
} from '../../domain/metadata/metadata-index.ts';
import type { Tables } from '../dialect.ts';

const TYPES = (Object.keys(TYPE_LETTERS) as ScalarType[]).sort();

/** Texts that say times have entries of their own, of no type of JSON. */
const LETTERS = [...Object.values(TYPE_LETTERS), TIME_LETTER];

/**
 * The first paths of the metadata on a shelf, each with the types of its values. Goes from one path to the next by a seek
 * in the index, so it takes time by the number of paths that are asked for, not of files.
 */
export const fieldsOf = async (
  { db, dialect }: Tables,
  shelf: number,
  limit: number,
): Promise<Map<string, string[]>> => {
  const has = TYPES.map(
    (type) => sql`${firstOf(shelf, sql`field.path`, TYPE_LETTERS[type])} as ${sql.id(type)}`,
  );
  const fields = await sql<{ path: string } & Record<ScalarType, string | null>>`
    with recursive field (path, place) as (
      select min(path), 1 from file_metadata where shelf = ${shelf}
      union all
      select (select min(path) from file_metadata where shelf = ${shelf} and path > field.path), place + 1
      from field
      where field.path is not null and place < ${sql.lit(limit)} and ${dialect.inTime(sql`field.path`)}
    )
    select path, ${sql.join(has)} from field where path is not null`.execute(db);
  return new Map(fields.rows.map((row) => [row.path, TYPES.filter((type) => row[type] !== null)]));
};

/** Those of these keys that stand in the metadata on some shelves, each with the letters of its types; by seeks as well. */
export const typesUnder = async (
  { db, dialect }: Tables,
  shelves: readonly number[],
  keys: readonly string[],
): Promise<Map<string, Set<string>>> => {
  const there = new Map<string, Set<string>>();
  if (shelves.length === 0) return there;
  const has = LETTERS.map((letter) => {
    const firsts = shelves.map((shelf) => firstOf(shelf, sql`asked.value`, letter));
    return sql`coalesce(${sql.join(firsts)}, null) as ${sql.id(letter)}`;
  });
  const paths = new Set(keys.map(indexedPath));
  const asked = dialect.listed([...paths]);
  const found = await sql<{ path: string } & Record<string, string | null>>`
    select asked.value as path, ${sql.join(has)} from ${asked} as asked`.execute(db);
  const types = new Map(
    found.rows.map((row) => [row.path, LETTERS.filter((letter) => row[letter] !== null)]),
  );
  for (const key of keys) {
    const letters = types.get(indexedPath(key)) ?? [];
    if (letters.length > 0) there.set(key, new Set(letters));
  }
  return there;
};

/** The first value of a type under a path on a shelf; null where there is none. */
const firstOf = (shelf: number, path: RawBuilder<unknown>, letter: string): RawBuilder<unknown> => {
  const next = String.fromCharCode(letter.charCodeAt(0) + 1);
  return sql`
    (
      select m.value from file_metadata as m
      where m.shelf = ${shelf} and m.path = ${path} and m.value >= ${letter} and m.value < ${next}
      order by m.value limit 1
    )`;
};
