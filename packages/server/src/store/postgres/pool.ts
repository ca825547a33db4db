import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import pg from 'pg';
import { isConnectionLoss, translated, unusable } from './errors.ts';
import { originalText, storedText } from './text.ts';

export type PoolOptions = {
  /** `postgresql://user:password@host:port/database`; its parameters win over what is set here. */
  url: string;
  /** Connections at most. */
  poolSize: number;
  /** How long a statement may take before the server ends it. */
  statementTimeoutMs: number;
  /** How long to wait for a connection, a new one or a free one. */
  connectTimeoutMs: number;
};

/** How much longer the client waits than the server: past it, the connection is given up as dead. */
const GRACE_MS = 5000;
/** How long a transaction may do nothing: one whose process hangs must not hold its locks. */
const IDLE_IN_TRANSACTION_MS = 60_000;

/** Connections for Kysely. Rejects with STORAGE_UNAVAILABLE where the database cannot be used now, and never hangs. */
export const createPool = (options: PoolOptions): PostgresPool => {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: 'sluice',
    max: options.poolSize,
    connectionTimeoutMillis: options.connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    query_timeout: options.statementTimeoutMs + GRACE_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // Statements are short: compiling one, or starting workers for it, takes longer than running it. The memory is for
    // totals that tell many files apart.
    options: '-c jit=off -c max_parallel_workers_per_gather=0 -c work_mem=32MB',
    types: { getTypeParser },
  });
  // An idle connection that the server ends leaves the pool; one in use makes its statement fail, and that is told there.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return {
    options: {},
    connect: async () => checkedOut(await connecting(() => pool.connect())),
    end: () => pool.end(),
  };
};

/** A connection until it goes back to the pool, or is closed where it failed. */
const checkedOut = (client: pg.PoolClient): PostgresPoolClient => {
  let loss: unknown;
  const noting = async <T>(work: () => Promise<T>): Promise<T> => {
    if (loss !== undefined) throw translated(loss);
    try {
      return await work();
    } catch (error) {
      if (isConnectionLoss(error)) loss = error;
      throw translated(error);
    }
  };

  function query<R>(statement: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  function query<R>(
    statement: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    // Long walks go page by page: a cursor would keep a connection and a snapshot all the while.
    if (typeof statement !== 'string') throw new TypeError('There are no cursors here');
    // The server has rolled back what a lost connection was doing.
    if (statement === 'rollback' && loss !== undefined) {
      return Promise.resolve({ command: 'ROLLBACK', rowCount: 0, rows: [] });
    }
    const run = () =>
      client.query(statement, parameters.map(toStored)) as unknown as Promise<PostgresQueryResult<R>>;
    return noting(run);
  }

  return { query, release: (destroy) => client.release(destroy || loss !== undefined) };
};

const connecting = async <T>(connect: () => Promise<T>): Promise<T> => {
  try {
    return await connect();
  } catch (error) {
    throw unusable(error);
  }
};

const toStored = (parameter: unknown): unknown => {
  if (typeof parameter === 'string') return storedText(parameter);
  return Array.isArray(parameter) ? parameter.map(toStored) : parameter;
};

/** Types by their numbers in `pg_type`; whole numbers stay below 2^53 here. */
const PARSERS: Record<number, (text: string) => unknown> = {
  20: Number, // bigint
  1700: Number, // numeric, which sums of bigint are
  25: originalText,
  1043: originalText, // varchar
};

const getTypeParser: pg.CustomTypesConfig['getTypeParser'] = (type: number, format?: 'text' | 'binary') =>
  PARSERS[type] ?? pg.types.getTypeParser(type, format as 'text');
