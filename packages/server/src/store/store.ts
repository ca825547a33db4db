import { CamelCasePlugin, Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Reader, Store, Writer } from '../service/ports.ts';
import { accountReader, accountWriter } from './accounts.ts';
import { fileReader, fileWriter } from './files.ts';
import { garbageReader, garbageWriter } from './garbage.ts';
import { migrations } from './migrations/index.ts';
import type { Database } from './schema.ts';
import { sessionFileReader, sessionFileWriter } from './session-files.ts';
import { sessionReader, sessionWriter } from './sessions.ts';
import { sqliteDialect } from './sqlite.ts';
import { workspaceReader, workspaceWriter } from './workspaces.ts';

/** The store on SQLite, in one file; creates it and brings its schema up to date. */
export const openSqliteStore = async (path: string): Promise<Store> => {
  const db = new Kysely<Database>({
    dialect: sqliteDialect(path),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
  await migrate(db);
  return {
    read: reader(db),
    write: (work) => db.transaction().execute((trx) => work(writer(trx))),
    ping: async () => {
      await sql`select 1`.execute(db);
    },
    close: () => db.destroy(),
  };
};

const migrate = async (db: Kysely<Database>): Promise<void> => {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
};

const reader = (db: Kysely<Database>): Reader => ({
  accounts: accountReader(db),
  workspaces: workspaceReader(db),
  sessions: sessionReader(db),
  sessionFiles: sessionFileReader(db),
  files: fileReader(db),
  garbage: garbageReader(db),
});

const writer = (trx: Kysely<Database>): Writer => ({
  accounts: { ...accountReader(trx), ...accountWriter(trx) },
  workspaces: { ...workspaceReader(trx), ...workspaceWriter(trx) },
  sessions: { ...sessionReader(trx), ...sessionWriter(trx) },
  sessionFiles: { ...sessionFileReader(trx), ...sessionFileWriter(trx) },
  files: { ...fileReader(trx), ...fileWriter(trx) },
  garbage: { ...garbageReader(trx), ...garbageWriter(trx) },
});
