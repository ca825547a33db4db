import { type Kysely, type RawBuilder, sql } from 'kysely';
import { DomainError } from '../../domain/errors.ts';
import type { Metadata } from '../../domain/file.ts';
import { parseJson } from '../../domain/json/numbers.ts';
import { INDEX_VERSION, isNewForm } from '../../domain/metadata/metadata-index.ts';
import type { Filter } from '../../domain/odata/filter.ts';
import { asksForNewForms } from '../../domain/odata/selection.ts';
import type { Tables } from '../dialect.ts';
import { insertRows } from '../insert-rows.ts';
import type { Database } from '../schema.ts';
import { METADATA_COLUMNS, toMetadataRows } from './rows.ts';

/** Whether any file has entries of version 0. */
export const hasOldEntries = (db: Kysely<Database>): Promise<boolean> => isAny(db, sql`true`);

/**
 * Asked before each search.
 * @throws INDEX_NOT_READY where files on these shelves have such entries, and the filter would be answered wrongly by them
 */
export const refuseOldEntries = async (
  db: Kysely<Database>,
  shelves: readonly number[],
  filter: Filter,
): Promise<void> => {
  if (shelves.length === 0 || !asksForNewForms(filter)) return;
  if (await isAny(db, sql`shelf in (${sql.join(shelves)})`)) {
    throw new DomainError('INDEX_NOT_READY', NOT_READY);
  }
};

/** In the order of the index of such files, so that the planner takes that one: it is empty but after an upgrade. */
const isAny = async (db: Kysely<Database>, condition: RawBuilder<unknown>): Promise<boolean> => {
  const found = await sql`
    select 1 from file where index_version = 0 and ${condition} order by shelf, number limit 1`.execute(db);
  return found.rows.length > 0;
};

const NOT_READY =
  'Metadata of the version before are still being indexed: filters with times or with whole numbers beyond 2^53 can be ' +
  'answered when that is done. Ask again soon.';

/**
 * Gives some files with entries of version 0 those of today; most keep theirs. What changes a file meanwhile waits for the
 * row of the file, and then finds the new entries. Resolves to how many files that were.
 */
export const renewEntries = async (tables: Tables, limit: number): Promise<number> => {
  const { db: trx, dialect } = tables;
  const taken = await sql<{ number: number; shelf: number; createdAt: number; metadata: string }>`
    update file set index_version = ${sql.lit(INDEX_VERSION)}
    where number in (select number from file where index_version = 0 order by shelf, number limit ${limit})
    returning number, shelf, created_at as "createdAt", metadata`.execute(trx);
  const changed = taken.rows.flatMap((row) => {
    const file = { createdAt: row.createdAt, metadata: parseJson(row.metadata) as Metadata };
    const rows = toMetadataRows(file, row);
    return rows.some(({ value }) => isNewForm(value)) ? [{ number: row.number, rows }] : [];
  });
  if (changed.length > 0) {
    const numbers = dialect.listed(changed.map(({ number }) => number));
    await sql`delete from file_metadata where file_number in ${numbers}`.execute(trx);
    const rows = changed.flatMap((one) => one.rows);
    await insertRows(tables, 'fileMetadata', METADATA_COLUMNS, rows);
  }
  return taken.rows.length;
};
