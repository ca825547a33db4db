import type { Store } from '../service/ports.ts';

export type PostgresOptions = {
  url: string;
  poolSize: number;
  statementTimeoutMs: number;
  connectTimeoutMs: number;
};

/** Being written. */
export const openPostgresStore = async (_options: PostgresOptions): Promise<Store> => {
  throw new Error('not there yet');
};

export const migratePostgres = async (_options: PostgresOptions): Promise<{ applied: string[] }> => {
  throw new Error('not there yet');
};
