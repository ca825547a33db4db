import { type Kysely, type RawBuilder, type SqlBool, SqliteAdapter, sql } from 'kysely';
import type { Database } from './schema.ts';

/** What files need and databases write differently. Everything else is SQL they all understand. */
export type Dialect = {
  /** Whether a text holds another as it stands: no pattern, case matters. */
  contains(text: RawBuilder<unknown>, part: string): RawBuilder<SqlBool>;
  endsWith(text: RawBuilder<unknown>, end: string): RawBuilder<SqlBool>;
  /** A text without its first character, which is an ASCII letter. */
  withoutLetter(text: RawBuilder<unknown>): RawBuilder<unknown>;
  /** A column of which no index is to be used, where the planner might prefer one that does not sort. */
  unindexed(column: RawBuilder<unknown>): RawBuilder<unknown>;
  /** Any number of values as rows with a column `value`: one parameter, so that the statement stays the same. */
  listed(values: readonly (string | number)[]): RawBuilder<unknown>;
  /** Inserts any number of rows, by as few statements as can be. */
  insert<Table extends keyof Database>(
    db: Kysely<Database>,
    table: Table,
    columns: readonly (keyof Database[Table] & string)[],
    rows: readonly Database[Table][],
  ): Promise<void>;
};

export const dialectOf = (db: Kysely<Database>): Dialect => {
  if (db.getExecutor().adapter instanceof SqliteAdapter) return sqlite;
  throw new Error('There is no SQL for files in this database');
};

const sqlite: Dialect = {
  contains: (text, part) => sql`instr(${text}, ${part}) > 0`,

  // By bytes, since "substr" of a text stops at U+0000; the bytes of UTF-8 never match in the middle of a character.
  endsWith: (text, end) => {
    const bytes = Buffer.byteLength(end);
    if (bytes === 0) return sql`true`;
    return sql`substr(cast(${text} as blob), -${sql.lit(bytes)}) = cast(${end} as blob)`;
  },

  withoutLetter: (text) => sql`substr(cast(${text} as blob), 2)`,

  unindexed: (column) => sql`+${column}`,

  listed: (values) => sql`(select value from json_each(${JSON.stringify(values)}))`,

  // The rows are one parameter as well, in JSON: by the number of rows, statements would be many and large.
  insert: async (db, table, columns, rows) => {
    const names = sql.join(columns.map((column) => sql.ref(column)));
    const values = sql.join(columns.map((_, at) => sql`value ->> ${sql.lit(at)}`));
    for (const json of jsonLists(rows.map((row) => columns.map((column) => row[column])))) {
      await sql`insert into ${sql.table(table)} (${names}) select ${values} from json_each(${json})`.execute(
        db,
      );
    }
  },
};

/** What a statement is given at most, about: SQLite takes 1 GB, memory should not. */
const LIST_CHARACTERS = 8_000_000;

function* jsonLists(rows: readonly unknown[]): Generator<string> {
  let texts: string[] = [];
  let characters = 0;
  for (const row of rows) {
    const text = JSON.stringify(row);
    if (texts.length > 0 && characters + text.length > LIST_CHARACTERS) {
      yield `[${texts.join(',')}]`;
      texts = [];
      characters = 0;
    }
    texts.push(text);
    characters += text.length;
  }
  if (texts.length > 0) yield `[${texts.join(',')}]`;
}
