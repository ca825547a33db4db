import { type Kysely, PostgresAdapter, sql, type Transaction } from 'kysely';
import { migrations } from './migrations/index.ts';
import type { Database } from './schema.ts';
import { withdrawHalf } from './sqlite/half-migrations.ts';

/** Names of migrations, in their order. `unknown`: those that only a newer version has. */
export type MigrationState = { applied: string[]; pending: string[]; unknown: string[] };

/** Where the schema of a database stands. Changes nothing. */
export const migrationState = async (db: Kysely<Database>): Promise<MigrationState> => {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  const applied = tables.some(({ name }) => name === TABLE)
    ? await db.withTables<Migrated>().selectFrom(TABLE).select('name').orderBy('name').execute()
    : [];
  const names = applied.map((row) => row.name);
  return {
    applied: names,
    pending: Object.keys(migrations).filter((name) => !names.includes(name)),
    unknown: names.filter((name) => !(name in migrations)),
  };
};

/**
 * Brings the schema up to date, and tells what was done. All of it is one commit: killed anywhere, it was not begun or is
 * done. Of several processes that do so together one does the work, and the others wait for it.
 * @throws where the schema is that of a newer version, or where tables are there that no migration of ours has made
 */
export const migrate = async (db: Kysely<Database>): Promise<{ applied: string[] }> => {
  if ((await pendingOf(db)).length === 0) return { applied: [] };
  return db.transaction().execute(async (trx) => {
    const onPostgres = trx.getExecutor().adapter instanceof PostgresAdapter;
    if (onPostgres) await sql`select pg_advisory_xact_lock(${sql.lit(LOCK)})`.execute(trx);
    await makeTables(trx);
    const applied = await pendingOf(trx); // another process may have been quicker
    for (const name of applied) {
      if (!onPostgres) await withdrawHalf(trx, name);
      await migrations[name]?.up(trx);
      const row = { name, timestamp: new Date().toISOString() };
      await trx.withTables<Migrated>().insertInto(TABLE).values(row).execute();
    }
    return { applied };
  });
};

const pendingOf = async (db: Kysely<Database>): Promise<string[]> => {
  const { pending, unknown } = await migrationState(db);
  if (unknown.length > 0) throw new Error(tooNew(unknown));
  return pending;
};

/** Where it is written down what was applied; and the lock of PostgreSQL under which that is done. */
const TABLE = 'kysely_migration';
const LOCK = 3853314791062309107n;

type Migrated = { [TABLE]: { name: string; timestamp: string } };

/** As Kysely's Migrator makes them, which earlier versions ran: they find what is here, and wait while it is made. */
const makeTables = async (trx: Transaction<Database>): Promise<void> => {
  await trx.schema
    .createTable(TABLE)
    .ifNotExists()
    .addColumn('name', 'varchar(255)', (c) => c.notNull().primaryKey())
    .addColumn('timestamp', 'varchar(255)', (c) => c.notNull())
    .execute();
  await trx.schema
    .createTable('kysely_migration_lock')
    .ifNotExists()
    .addColumn('id', 'varchar(255)', (c) => c.notNull().primaryKey())
    .addColumn('is_locked', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await sql`insert into kysely_migration_lock (id) values ('migration_lock') on conflict do nothing`.execute(
    trx,
  );
};

const tooNew = (unknown: readonly string[]): string =>
  `The database was brought up to date by a newer version of Sluice (${unknown.join(', ')}). ` +
  'Run that version or a later one, or restore a backup from before.';
