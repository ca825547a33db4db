import type { CompiledQuery } from 'kysely';
import { migratePostgres, openPostgres } from '../../../packages/server/src/store/postgres/store.ts';
import { type OpenFileDatabase, prepareFiles } from '../../../testing/store/file-fixture.ts';
import { closeLater, ownDatabase } from './own-database.ts';

export const openPostgresFiles: OpenFileDatabase = async () => {
  const { options } = await ownDatabase();
  await migratePostgres(options);
  const statements: CompiledQuery[] = [];
  const db = openPostgres(options, (event) => {
    statements.push(event.query);
  });
  closeLater(() => db.destroy());
  return prepareFiles(db, statements, async () => 0);
};
