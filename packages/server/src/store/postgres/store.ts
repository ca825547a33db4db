import { CamelCasePlugin, Kysely, type LogConfig, PostgresDialect, sql } from 'kysely';
import type { Store } from '../../service/ports/store.ts';
import { migrate } from '../migrate.ts';
import { keepDearApart, QUERY_MS, type Room } from '../reads/dear-reads.ts';
import { tooDear } from '../reads/too-dear.ts';
import { reader, writer } from '../repositories.ts';
import type { Database } from '../schema.ts';
import { again } from './again.ts';
import { isTimeOver } from './errors.ts';
import { createPool, type PoolOptions } from './pool.ts';

export type PostgresOptions = PoolOptions & {
  /** Milliseconds for one statement of a read of a client. */
  queryMs?: number;
};

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
  // A quarter of the connections each, so that the other half is left for what is quick.
  const room = roomIn(db, Math.max(1, Math.floor(options.poolSize / 4)), options.statementTimeoutMs);
  return {
    read: keepDearApart({
      quick: reader(db),
      short: room,
      long: room,
      limitMs: options.queryMs ?? QUERY_MS,
    }),
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
    // Processes of the version before may be at work: as all is one transaction, a deadlock with them costs a try.
    return await again(() => migrate(db));
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

/** Reads that PostgreSQL itself ends when their time is over. */
const roomIn = (db: Kysely<Database>, width: number, mostMs: number): Room => ({
  width,
  read: async (limitMs, work) => {
    try {
      return await db
        .transaction()
        .setAccessMode('read only')
        .execute(async (trx) => {
          await sql`set local statement_timeout = ${sql.lit(Math.min(limitMs, mostMs))}`.execute(trx);
          return work(reader(trx));
        });
    } catch (error) {
      throw isTimeOver(error) ? tooDear(error) : error;
    }
  },
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
