import { CamelCasePlugin, type CompiledQuery, Kysely, sql } from 'kysely';
import { type OpenFileDatabase, prepareFiles } from '../../../../testing/store/file-fixture.ts';
import { sqliteDialect } from '../../../../testing/store/sqlite-dialect.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { Database } from '../../src/store/schema.ts';

/** In memory: it ends with the process. */
export const openSqliteFiles: OpenFileDatabase = async () => {
  const statements: CompiledQuery[] = [];
  const db = new Kysely<Database>({
    dialect: sqliteDialect(':memory:'),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    log: (event) => {
      statements.push(event.query);
    },
  });
  await migrate(db);
  return prepareFiles(db, statements, async () => {
    const stray = await sql<{ count: number }>`
      select count(*) as count from file_name_trigram where rowid not in (select number from file)`.execute(
      db,
    );
    return stray.rows[0]?.count as number;
  });
};
