import { type RawBuilder, sql } from 'kysely';
import { indexedPath } from '../../domain/metadata/metadata-index.ts';
import type { Filter, Leaf, OwnField } from '../../domain/odata/filter.ts';
import { selectionOf, selectsAbsent } from '../../domain/odata/selection.ts';
import { countRows } from '../row-count.ts';
import { allOf, conditionOf, OWN_COLUMNS } from './conditions.ts';
import { entriesOf } from './entries.ts';
import type { PreparedSearch } from './search.ts';

/** A source with at most so many files is gone through whole and sorted; otherwise the list is walked in its order. */
export const FEW = 1000;
const MANY = FEW + 1;

/** Entries of the metadata index with which a source is taken to have many files. */
const MANY_ENTRIES = 4 * MANY;

/** With so few, it is not worth looking for fewer. */
const VERY_FEW = 20;

/** A way into the files: an index that knows which of them may match. */
export type Source = {
  /** A query for the `number`s of these files, each once. */
  rows: RawBuilder<unknown>;
  /** How many there are; `FEW + 1` stands for any larger number. */
  size: number;
  /** The parts of the search that all of them fulfil; the other parts are still to be checked. */
  settles: readonly Filter[];
  /** Set where they all have one value under one path: the index then has them in order of creation. */
  point: { path: string; value: string } | null;
};

/**
 * The source with the fewest files among those that the parts of a search have. Each is counted up to `FEW + 1`, so the
 * answer comes in bounded time. Undefined where no part can be looked up.
 */
export const findSource = async (search: PreparedSearch): Promise<Source | undefined> => {
  let best: Source | undefined;
  for (const look of lookups(search)) {
    const source = await look();
    if (source && (!best || isBetter(source, best))) best = source;
    if (best && best.size <= VERY_FEW) break;
  }
  return best;
};

/** Among those of unknown size, the one in order of creation. */
const isBetter = (a: Source, b: Source): boolean =>
  a.size < b.size || (a.size === b.size && a.point !== null && b.point === null);

type Lookup = () => Promise<Source | undefined>;

const lookups = (search: PreparedSearch): Lookup[] => {
  const { parts } = search;
  const own = (['file_id', 'created_at', 'name'] as const).flatMap((field): Lookup[] => {
    // Taken together, as "from" and "to" are far fewer than each of them.
    const ofField = parts.filter((part): part is Leaf => isLookedUpBy(part, field));
    return ofField.length > 0 ? [() => ownSource(search, field, ofField)] : [];
  });
  return [
    ...own,
    ...parts.map(
      (part): Lookup =>
        () =>
          sourceOf(search, part),
    ),
  ];
};

const sourceOf = async (search: PreparedSearch, part: Filter): Promise<Source | undefined> => {
  switch (part.kind) {
    case 'and':
      return findSource({ ...search, parts: part.of });
    case 'or':
      return unitedSource(search, part);
    case 'not':
      return undefined;
    default:
      return part.property.of === 'metadata'
        ? metadataSource(search, part, part.property.path)
        : namePartSource(search, part);
  }
};

/** A file that fulfils one of the alternatives is in the source of that one, so each of them has to have one. */
const unitedSource = async (
  search: PreparedSearch,
  or: Filter & { kind: 'or' },
): Promise<Source | undefined> => {
  const sources: Source[] = [];
  let settled = true;
  for (const part of or.of) {
    const parts = part.kind === 'and' ? part.of : [part];
    const source = await findSource({ ...search, parts });
    if (!source) return undefined;
    sources.push(source);
    settled &&= parts.every((each) => source.settles.includes(each));
  }
  const rows = sources.map((source) => sql`select number from (${source.rows}) as part`);
  const size = sources.reduce((sum, source) => sum + source.size, 0);
  return {
    rows: sql.join(rows, sql` union `),
    size: Math.min(size, MANY),
    settles: settled ? [or] : [],
    point: null,
  };
};

const metadataSource = async (
  { db, dialect, shelves }: PreparedSearch,
  leaf: Leaf,
  path: string,
): Promise<Source | undefined> => {
  if (selectsAbsent(leaf) || (leaf.kind === 'compare' && leaf.operator === 'ne')) return undefined;
  const selection = selectionOf(leaf);
  const value =
    selection.kind === 'points' && selection.values.length === 1 ? selection.values[0] : undefined;
  const entries = sql`
    m.file_number as number from file_metadata as m
    where m.shelf in (${sql.join(shelves)}) and ${entriesOf(leaf, path, dialect)}`;
  const rows = value === undefined ? sql`select distinct ${entries}` : sql`select ${entries}`;
  // Where the index only bounds what has to be looked at, counting up to a limit might look at all of it.
  const isExact = selection.kind === 'points' || selection.whole === null;
  return {
    rows,
    size: isExact ? await countFiles(db, sql`select ${entries}`, value === undefined ? rows : null) : MANY,
    settles: [leaf],
    point: value === undefined ? null : { path: indexedPath(path), value },
  };
};

/**
 * How many files entries of the metadata index are of, up to MANY. `distinct`: the files, each once; null where no file
 * has two of the entries. Telling files apart takes all of the entries, so it is done for few.
 */
const countFiles = async (
  db: PreparedSearch['db'],
  entries: RawBuilder<unknown>,
  distinct: RawBuilder<unknown> | null,
): Promise<number> => {
  if (distinct === null) return countRows(db, entries, MANY);
  const size = await countRows(db, entries, MANY_ENTRIES);
  return size === MANY_ENTRIES ? MANY : countRows(db, distinct, MANY);
};

/** Parts that an index over a field of the file answers. */
export const isLookedUpBy = (part: Filter, field: OwnField): boolean => {
  if (part.kind !== 'compare' && part.kind !== 'in' && part.kind !== 'text') return false;
  if (part.property.of !== 'file' || part.property.field !== field) return false;
  if (part.kind === 'text') return part.function === 'startswith';
  return part.kind === 'in' || part.operator !== 'ne';
};

const ownSource = async (
  { db, dialect, shelves }: PreparedSearch,
  field: OwnField,
  parts: readonly Leaf[],
): Promise<Source> => {
  // The index of ids does not know shelves, those of the other fields begin with them.
  const shelf = field === 'file_id' ? dialect.unindexed(sql`f.shelf`) : sql`f.shelf`;
  // From the values to the files, each by a seek: asked with "in", SQLite may go through all files.
  const list = parts.find((part) => part.kind === 'in');
  const from = list
    ? sql`${dialect.listed([...new Set(list.values as (string | number)[])])} as asked
        ${dialect.thenJoin} file as f on ${OWN_COLUMNS[field]} = asked.value`
    : sql`file as f`;
  const conditions = parts
    .filter((part) => part !== list)
    .map((part) => conditionOf(part, { dialect, indexed: list ? null : field, gathered: null }));
  const rows = sql`
    select f.number from ${from}
    where ${shelf} in (${sql.join(shelves)}) and ${allOf([dialect.inTimeAt(sql`f.number`), ...conditions])}`;
  return { rows, size: await countRows(db, rows, MANY), settles: parts, point: null };
};

const namePartSource = async (
  { db, dialect, shelves }: PreparedSearch,
  leaf: Leaf,
): Promise<Source | undefined> => {
  if (leaf.kind !== 'text' || leaf.function === 'startswith') return undefined;
  const found = await dialect.names.filesWithPart(db, shelves, leaf.value, FEW);
  return found && { ...found, settles: [], point: null };
};
