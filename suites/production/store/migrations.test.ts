import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrations } from '../../../packages/server/src/store/migrations/index.ts';
import { migratePostgres, openPostgres } from '../../../packages/server/src/store/postgres/store.ts';
import { migrationTests } from '../../../testing/contracts/migrations-contract.ts';
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

test('an upgrade is done beside a process of the version before whose transaction it gets in the way of', async () => {
  const { options } = await ownDatabase();
  const db = openPostgres(options);
  closeLater(() => db.destroy());
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
  }).migrateTo('0003-sidecar-versions');
  assert.equal(error, undefined);
  let upgrading: Promise<{ applied: string[] }> | undefined;
  await db.transaction().execute(async (trx) => {
    await sql`set local deadlock_timeout = '1min'`.execute(trx); // so that the upgrade is what is broken off
    await sql`update session_file set status = 'FINISHED'`.execute(trx);
    upgrading = migratePostgres(options);
    const waits = sql<{ waiting: boolean }>`select exists
      (select from pg_locks where not granted and relation = 'session_file'::regclass) as waiting`;
    while (!(await waits.execute(db)).rows[0]?.waiting) await pause(20);
    await sql`update upload_session set attempts = 0`.execute(trx);
  });
  assert.deepEqual(await upgrading, { applied: Object.keys(migrations).slice(3) });
});

test('a database that is not in UTF-8 is refused, with what to do', async () => {
  const { options } = await ownDatabase("encoding 'LATIN1' locale 'C'");
  await assert.rejects(migratePostgres(options), /The database is in LATIN1; .*encoding 'UTF8'/);
});
