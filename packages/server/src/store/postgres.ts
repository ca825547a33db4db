import { CamelCasePlugin, Kysely, type LogConfig, PostgresDialect, sql } from 'kysely';
import type { Store } from '../service/ports.ts';
import { migrate } from './migrate.ts';
import { again } from './postgres/again.ts';
import { createPool, type PoolOptions } from './postgres/pool.ts';
import { reader, writer } from './repositories.ts';
import type { Database } from './schema.ts';

export type PostgresOptions = PoolOptions;

/** How long a step of a migration may take, and waiting for another process that migrates. */
const MIGRATION_TIMEOUT_MS = 3_600_000;

/**
 * The store on PostgreSQL 13 or later; brings its schema up to date first. It takes up its work by itself after the
 * database was away.
 * @throws where the database cannot be reached, is not in UTF-8, or has the schema of a newer version
 */
export const openPostgresStore = async (options: PostgresOptions): Promise<Store> => {
  await migratePostgres(options);
  const db = openPostgres(options);
  return {
    read: reader(db),
    write: (work) =>
      again(() =>
        db
          .transaction()
          .setIsolationLevel('read committed')
          .execute((trx) => work(writer(trx))),
      ),
    ping: async () => {
      await sql`select 1`.execute(db);
    },
    close: () => db.destroy(),
  };
};

/**
 * Brings the schema up to date, and tells which migrations that took. May run several times, and beside itself.
 * @throws as openPostgresStore does
 */
export const migratePostgres = async (options: PostgresOptions): Promise<{ applied: string[] }> => {
  const db = openPostgres({ ...options, poolSize: 1, statementTimeoutMs: MIGRATION_TIMEOUT_MS });
  try {
    await checkEncoding(db);
    return await migrate(db);
  } finally {
    await db.destroy();
  }
};

/** Kysely over a pool of connections, which are made when they are needed. */
export const openPostgres = (options: PostgresOptions, log: LogConfig = []): Kysely<Database> =>
  new Kysely<Database>({
    dialect: new PostgresDialect({ pool: createPool(options) }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    log,
  });

const checkEncoding = async (db: Kysely<Database>): Promise<void> => {
  const { rows } = await sql<{ encoding: string }>`
    select current_setting('server_encoding') as encoding`.execute(db);
  const encoding = rows[0]?.encoding;
  if (encoding === 'UTF8') return;
  throw new Error(
    `The database is in ${encoding}; make one for Sluice with "encoding 'UTF8' template template0"`,
  );
};
