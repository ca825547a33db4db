import type { Kysely, RawBuilder, SqlBool } from 'kysely';
import type { Database } from './schema.ts';

/** What the databases write differently. Everything else is SQL they all understand. */
export type Dialect = {
  /** Whether a text holds another as it stands: no pattern, case matters. */
  contains(text: RawBuilder<unknown>, part: string): RawBuilder<SqlBool>;
  endsWith(text: RawBuilder<unknown>, end: string): RawBuilder<SqlBool>;
  /** A text without its first character, which is an ASCII letter. */
  withoutLetter(text: RawBuilder<unknown>): RawBuilder<unknown>;
  /** A value to compare a column with; a number need not be whole, though the column is. */
  literal(value: string | number | boolean | null): RawBuilder<unknown>;
  /**
   * True while there is time left for the statement, which ends where there is none. Wherever a statement may look at many
   * rows, it asks this of each; the argument, a column of those rows, is what ties it to them.
   */
  inTime(column: RawBuilder<unknown>): RawBuilder<SqlBool>;
  /** The same by the number of a file, which costs less. */
  inTimeAt(number: RawBuilder<unknown>): RawBuilder<SqlBool>;
  /** A column of which no index is to be used, where the planner might prefer one that does not sort. */
  unindexed(column: RawBuilder<unknown>): RawBuilder<unknown>;
  /**
   * Whether a file `f` has rows `m` of the metadata index that meet a condition. Without `gathered`, each file is looked
   * at, for few files; with it, the files on those shelves that do may be gathered first, for many.
   */
  hasEntry(entries: RawBuilder<SqlBool>, gathered: readonly number[] | null): RawBuilder<SqlBool>;
  /** Queries as one, to be followed by that order and no more rows than that: each is walked in that order by its index. */
  merged(
    queries: readonly RawBuilder<unknown>[],
    order: RawBuilder<unknown>,
    limit: number,
  ): RawBuilder<unknown>;
  /** Joins a table, by an `on`, to what is before it: rows of that first, as far as the planner can be told. */
  thenJoin: RawBuilder<unknown>;
  /** Any number of values as rows with a column `value`: one parameter, so that the statement stays the same. */
  listed(values: readonly (string | number)[]): RawBuilder<unknown>;
  /** The elements of a list of texts, which a column holds as JSON, as rows with a column `value`. */
  elements(list: RawBuilder<unknown>): RawBuilder<unknown>;
  /** Any number of rows as a table to select from, in as many parameters as are needed for one. */
  rows<Row>(columns: ColumnTypes<Row>, rows: readonly Row[]): RawBuilder<unknown>;
  /** Makes other transactions that lock the same row wait until this one ends. */
  lockRow(trx: Kysely<Database>, table: 'organization' | 'appUser', id: string): Promise<void>;
  names: NameIndex;
};

/** The rows, and the dialect they are asked in. */
export type Tables = { readonly db: Kysely<Database>; readonly dialect: Dialect };

/** The columns of some rows; a truth is a number. */
export type ColumnTypes<Row> = {
  readonly [Column in keyof Row & string]-?: NonNullable<Row[Column]> extends number ? 'bigint' : 'text';
};

/** The index of file names by runs of three characters, their case kept. */
export type NameIndex = {
  /** Takes in the names of files that are there, by number. */
  add(trx: Kysely<Database>, numbers: readonly number[]): Promise<void>;
  /** Forgets the names of files, by number. */
  remove(trx: Kysely<Database>, numbers: readonly number[]): Promise<void>;
  /**
   * Files whose name may hold a part: a query for their numbers, which gives at most `limit` rows. Undefined where there
   * may be more, or where the part has fewer than three characters.
   */
  filesWithPart(
    db: Kysely<Database>,
    shelves: readonly number[],
    part: string,
    limit: number,
  ): Promise<{ rows: RawBuilder<unknown>; size: number } | undefined>;
};
