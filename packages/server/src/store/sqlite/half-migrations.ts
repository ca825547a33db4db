import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';

/*
 * The first versions applied each statement of a migration by itself. Killed between two, they left tables and columns
 * behind without a word of the migration that made them, and no start got past them. Migrations that came later need
 * nothing here: each is part of one commit.
 */

/**
 * Takes back what a migration that is not written down as applied may have left, so that it can be applied.
 * @throws where that could be somebody's data
 */
export const withdrawHalf = (trx: Kysely<Database>, name: string): Promise<void> =>
  HALVES[name]?.(trx) ?? Promise.resolve();

const HALVES: Record<string, (trx: Kysely<Database>) => Promise<void>> = {
  '0001-initial': async (trx) => {
    const found = await tablesOf(trx);
    const foreign = found.filter((table) => !FIRST_TABLES.includes(table));
    if (foreign.length > 0)
      throw new Error(`The database holds tables that are not those of Sluice (${foreign.join(', ')})`);
    // Those that refer to others go before them.
    for (const table of FIRST_TABLES.filter((one) => found.includes(one)).reverse()) {
      const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(trx);
      if (rows.length > 0) {
        throw new Error(
          `The table ${table} of the database holds rows, and nothing says which version has made it`,
        );
      }
      await trx.schema.dropTable(table).execute();
    }
  },

  '0002-late-uploads': async (trx) => {
    await trx.schema.dropIndex('upload_session_unswept').ifExists().execute();
    await dropColumn(trx, 'upload_session', 'swept_at');
    await dropColumn(trx, 'workspace', 'purged_at');
  },

  '0003-sidecar-versions': async (trx) => {
    await dropColumn(trx, 'session_file', 'sidecar_etag');
    await dropColumn(trx, 'session_file', 'sidecar_size');
  },
};

/** What 0001 makes, in its order. */
const FIRST_TABLES = [
  'organization',
  'app_user',
  'token',
  'workspace',
  'upload_session',
  'session_file',
  'file_shelf',
  'file',
  'file_metadata',
  'file_name_trigram',
  'garbage',
];

/** All but SQLite's own, Kysely's, and those that a virtual table keeps for itself. */
const tablesOf = async (trx: Kysely<Database>): Promise<string[]> => {
  const { rows } = await sql<{ name: string }>`
    select name from pragma_table_list
    where schema = 'main' and type in ('table', 'virtual', 'view')
      and name not like 'sqlite\\_%' escape '\\' and name not like 'kysely\\_%' escape '\\'`.execute(trx);
  return rows.map(({ name }) => name);
};

const dropColumn = async (trx: Kysely<Database>, table: string, column: string): Promise<void> => {
  const { rows } = await sql`select 1 from pragma_table_info(${table}) where name = ${column}`.execute(trx);
  if (rows.length > 0) await trx.schema.alterTable(table).dropColumn(column).execute();
};
