import { type Postgres, startPostgres } from './postgres.ts';
import type { Store, StoreAccess } from './store.ts';
import { type StoreName, startStore } from './stores.ts';

/** The JSON in the environment variable `SLUICE_TEST_SERVICES`. */
export type TestServices = {
  /** URL of a database; its user may create databases. */
  postgres: string;
  /** Each user may create buckets. */
  stores: StoreAccess[];
};

export type Stack = {
  postgres: Postgres;
  stores: Store[];
  services: TestServices;
  /** Stops all and deletes their data. */
  remove: () => Promise<void>;
};

export type StackOptions = {
  stores: StoreName[];
  /** See PostgresOptions. */
  fast: boolean;
};

/** Starts PostgreSQL and the stores. If one of them does not come up, the others are removed again. */
export const startStack = async ({ stores: names, fast }: StackOptions): Promise<Stack> => {
  const startingPostgres = startPostgres({ fast });
  const startingStores = names.map((name) => startStore(name));
  const starts = await Promise.allSettled([startingPostgres, ...startingStores]);
  const remove = async (): Promise<void> => {
    await Promise.all(starts.map((start) => start.status === 'fulfilled' && start.value.remove()));
  };
  try {
    const postgres = await startingPostgres;
    const stores = await Promise.all(startingStores);
    const services = { postgres: postgres.url, stores: stores.map(({ access }) => access) };
    return { postgres, stores, services, remove };
  } catch (error) {
    await remove();
    throw error;
  }
};
