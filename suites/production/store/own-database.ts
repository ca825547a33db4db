import { after } from 'node:test';
import type { Store } from '../../../packages/server/src/service/ports/store.ts';
import {
  openPostgresStore,
  type PostgresOptions,
} from '../../../packages/server/src/store/postgres/store.ts';
import { createDatabase, type TestDatabase } from './create-database.ts';

/** An empty database, dropped when the tests of the file have ended. */
export const ownDatabase = async (kind?: string): Promise<TestDatabase> => {
  const database = await createDatabase(kind);
  drops.push(database.drop);
  return database;
};

/** A store, on a database of its own unless one is given; closed when the tests of the file have ended. */
export const openStore = async (options?: PostgresOptions): Promise<Store> => {
  const store = await openPostgresStore(options ?? (await ownDatabase()).options);
  closeLater(store.close);
  return store;
};

export const closeLater = (close: () => Promise<unknown>): void => {
  closes.push(close);
};

const drops: (() => Promise<unknown>)[] = [];
const closes: (() => Promise<unknown>)[] = [];

after(async () => {
  for (const close of closes) await close();
  for (const drop of drops) await drop();
});
