import type { Reader } from '../../service/ports/store.ts';
import { migrationState } from '../migrate.ts';
import { openPostgres, type PostgresOptions } from '../postgres/store.ts';
import { reader } from '../repositories.ts';

/**
 * Opens a PostgreSQL database for a look at what it holds; unlike the store, it leaves the schema as it is.
 * @returns `read` is null where nothing of Sluice is there yet
 * @throws where the schema is that of another version
 */
export const openPostgresToLook = async (
  options: PostgresOptions,
): Promise<{ read: Reader | null; close: () => Promise<void> }> => {
  const db = openPostgres(options);
  try {
    const { applied, pending, unknown } = await migrationState(db);
    if (applied.length > 0 && pending.length + unknown.length > 0) {
      throw new Error(
        'The database has the schema of another version; "sluiced migrate" brings it up to date',
      );
    }
    return { read: applied.length > 0 ? reader(db) : null, close: () => db.destroy() };
  } catch (error) {
    await db.destroy();
    throw error;
  }
};
