import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { explaining } from './data-folder/problem.ts';
import type { Store } from './service/ports/store.ts';
import type { StorageConfig } from './settings/storage-config.ts';
import { openSqliteStore } from './store/sqlite/store.ts';

/**
 * The rows alone, for a command beside running servers.
 * @throws where an embedded folder holds no data yet
 */
export const openStore = async (storage: StorageConfig): Promise<Store> => {
  if (storage.kind === 'production') {
    const { openPostgresStore } = await import('./store/postgres/store.ts');
    return openPostgresStore(storage.database);
  }
  const path = join(storage.directory, 'sluice.db');
  if (!existsSync(path)) {
    throw new Error(`there is no data in ${storage.directory}; start the server once first`);
  }
  return explaining(storage.directory, path, () => openSqliteStore(path));
};
