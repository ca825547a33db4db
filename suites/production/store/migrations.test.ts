import assert from 'node:assert/strict';
import { test } from 'node:test';
import { migrations } from '../../../packages/server/src/store/migrations/index.ts';
import { migratePostgres, openPostgres } from '../../../packages/server/src/store/postgres.ts';
import { migrationTests } from '../../../packages/server/test/store/migrations-contract.ts';
import { closeLater, openStore, ownDatabase } from './own-database.ts';

migrationTests(async () => {
  const db = openPostgres((await ownDatabase()).options);
  closeLater(() => db.destroy());
  return db;
});

test('ten processes that start together bring the schema up to date once', async () => {
  const { options } = await ownDatabase();
  const ran = await Promise.all(Array.from({ length: 10 }, () => migratePostgres(options)));
  assert.deepEqual(
    ran.flatMap(({ applied }) => applied),
    Object.keys(migrations),
  );
  await (await openStore(options)).ping();
});

test('a database that is not in UTF-8 is refused, with what to do', async () => {
  const { options } = await ownDatabase("encoding 'LATIN1' locale 'C'");
  await assert.rejects(migratePostgres(options), /The database is in LATIN1; .*encoding 'UTF8'/);
});
