import { CamelCasePlugin, Kysely, sql } from 'kysely';
import type { Store } from '../service/ports.ts';
import { migrate } from './migrate.ts';
import { reader, writer } from './repositories.ts';
import type { Database } from './schema.ts';
import { sqliteDialect } from './sqlite.ts';

/**
 * The store on SQLite, in one file; creates it and brings its schema up to date.
 * @throws where the schema is that of a newer version
 */
export const openSqliteStore = async (path: string): Promise<Store> => {
  const db = new Kysely<Database>({
    dialect: sqliteDialect(path),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    read: reader(db),
    write: (work) => db.transaction().execute((trx) => work(writer(trx))),
    ping: async () => {
      await sql`select 1`.execute(db);
    },
    close: () => db.destroy(),
  };
};
