import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrations } from './migrations/index.ts';
import type { Database } from './schema.ts';

/** Names of migrations, in their order. `unknown`: those that only a newer version has. */
export type MigrationState = { applied: string[]; pending: string[]; unknown: string[] };

/** Where the schema of a database stands. Changes nothing. */
export const migrationState = async (db: Kysely<Database>): Promise<MigrationState> => {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  const applied = tables.some(({ name }) => name === TABLE)
    ? await db
        .withTables<{ [TABLE]: { name: string } }>()
        .selectFrom(TABLE)
        .select('name')
        .orderBy('name')
        .execute()
    : [];
  const names = applied.map((row) => row.name);
  return {
    applied: names,
    pending: Object.keys(migrations).filter((name) => !names.includes(name)),
    unknown: names.filter((name) => !(name in migrations)),
  };
};

/**
 * Brings the schema up to date, and tells what was done. Of several processes that do so together one does the work, and
 * the others wait for it.
 * @throws where the schema is that of a newer version
 */
export const migrate = async (db: Kysely<Database>): Promise<{ applied: string[] }> => {
  const { pending, unknown } = await migrationState(db);
  if (unknown.length > 0) throw new Error(tooNew(unknown));
  if (pending.length === 0) return { applied: [] };
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error) throw error;
  return {
    applied: results.filter(({ status }) => status === 'Success').map((result) => result.migrationName),
  };
};

/** Kysely's own. */
const TABLE = 'kysely_migration';

const tooNew = (unknown: readonly string[]): string =>
  `The database was brought up to date by a newer version of Sluice (${unknown.join(', ')}). ` +
  'Run that version or a later one, or restore a backup from before.';
