import { type RawBuilder, sql } from 'kysely';
import type { ColumnTypes, Tables } from './dialect.ts';
import type { Database } from './schema.ts';

/** What a statement is given at most, about: SQLite and PostgreSQL take 1 GB, memory should not. */
const CHUNK_CHARACTERS = 8_000_000;

/** Inserts any number of rows, by as few statements as can be. `conflict`: what to do about rows that are there. */
export const insertRows = async <Row extends object>(
  { db, dialect }: Tables,
  table: keyof Database,
  columns: ColumnTypes<Row>,
  rows: readonly Row[],
  conflict: RawBuilder<unknown> = sql``,
): Promise<void> => {
  const names = sql.join(Object.keys(columns).map((column) => sql.ref(column)));
  for (const chunk of chunksOf(rows)) {
    // "where true": without it, SQLite takes the "on" of a conflict for that of a join.
    await sql`
      insert into ${sql.table(table)} (${names})
      select ${names} from ${dialect.rows(columns, chunk)} as given where true ${conflict}`.execute(db);
  }
};

/** The rows in their order, in pieces of a size that a statement can take. */
export function* chunksOf<Row extends object>(rows: readonly Row[]): Generator<readonly Row[]> {
  let first = 0;
  let characters = 0;
  for (const [at, row] of rows.entries()) {
    const size = charactersOf(row);
    if (at > first && characters + size > CHUNK_CHARACTERS) {
      yield rows.slice(first, at);
      first = at;
      characters = 0;
    }
    characters += size;
  }
  if (first < rows.length) yield rows.slice(first);
}

const charactersOf = (row: object): number => {
  let characters = 0;
  for (const value of Object.values(row)) characters += typeof value === 'string' ? value.length : 8;
  return characters;
};
