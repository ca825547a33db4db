import { migrateJobs } from '../jobs/pg-boss.ts';
import type { Config } from '../settings/config.ts';
import { migratePostgres } from '../store/postgres/store.ts';
import { UsageError } from './usage-error.ts';

/**
 * `sluiced migrate`: brings the schemas of rows and jobs up to date, so that servers that start afterwards need not.
 * May run several times, and beside itself.
 */
export const migrateCommand = async ({ storage }: Config, args: string[]): Promise<void> => {
  if (args.length > 0) throw new UsageError(`migrate takes nothing else, not "${args.join(' ')}"`);
  if (storage.kind === 'embedded') {
    throw new UsageError('an embedded folder is brought up to date by "sluiced serve" when it starts');
  }
  const { applied } = await migratePostgres(storage.database);
  await migrateJobs(storage.database.url);
  console.log(applied.length === 0 ? 'The database is up to date.' : `Applied: ${applied.join(', ')}`);
};
