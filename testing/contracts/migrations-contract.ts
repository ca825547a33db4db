import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { LATEST } from '../../packages/server/src/domain/instant.ts';
import { indexedValue, timeOf } from '../../packages/server/src/domain/metadata/metadata-index.ts';
import type { Time } from '../../packages/server/src/domain/time.ts';
import { uuidOf } from '../../packages/server/src/domain/uuid.ts';
import { migrate, migrationState } from '../../packages/server/src/store/migrate.ts';
import { migrations } from '../../packages/server/src/store/migrations/index.ts';
import { reader, writer } from '../../packages/server/src/store/repositories.ts';
import type { Database } from '../../packages/server/src/store/schema.ts';

/** What holds for an empty database that `open` gives. */
export const migrationTests = (open: () => Promise<Kysely<Database>>): void => {
  test('migrations are applied once, in their order', async () => {
    const db = await open();
    const all = Object.keys(migrations);
    assert.deepEqual(await migrationState(db), { applied: [], pending: all, unknown: [] });
    assert.deepEqual(await migrate(db), { applied: all });
    assert.deepEqual(await migrationState(db), { applied: all, pending: [], unknown: [] });
    assert.deepEqual(await migrate(db), { applied: [] });
  });

  test('keys of an earlier version may what their role may, and name each workspace once', async () => {
    const db = await open();
    const provider = { getMigrations: async () => migrations };
    const { error } = await new Migrator({ db, provider }).migrateTo('0003-sidecar-versions');
    assert.equal(error, undefined);
    await sql`insert into organization (id, name, pricing_plan) values ('o', 'o', 1)`.execute(db);
    await sql`insert into app_user (id, organization_id, given_name, family_name, email, role)
      values ('u', 'o', '', '', '', 'ADMIN')`.execute(db);
    const [a, b] = [uuidOf('a'), uuidOf('b')];
    const lists = [
      null,
      '[]',
      JSON.stringify([a]),
      JSON.stringify([b, a, b]),
      JSON.stringify(Array(50_000).fill(a)),
    ];
    for (const [at, ids] of lists.entries()) {
      await sql`insert into token (id, organization_id, user_id, hash, role, workspace_ids, created_at)
        values (${`t${at}`}, 'o', 'u', ${`hash ${at}`}, 'MEMBER', ${ids}, ${at})`.execute(db);
    }
    await sql`update token set expires_at = 253402300799000000 where id = 't1'`.execute(db);
    await migrate(db);
    const { accounts } = reader(db);
    const found = await accounts.tokens('o', { limit: 10, pageNumber: null, before: null, after: null });
    assert.deepEqual(
      found?.rows.reverse().map(({ workspaceIds }) => workspaceIds),
      [null, [], [a], [a, b].sort(), [a]],
    );
    assert.deepEqual(
      found?.rows.map(({ expiresAt }) => expiresAt),
      [null, LATEST, null, null, null],
      'the year 9999 is beyond what can be read',
    );
    for (const token of found?.rows ?? []) {
      assert.deepEqual([token.permissions, token.createdByTokenId, token.parentId], [null, null, null]);
    }
  });

  test('files of an earlier version, and those that it still adds, have old entries', async () => {
    const db = await open();
    const provider = { getMigrations: async () => migrations };
    const { error } = await new Migrator({ db, provider }).migrateTo('0005-session-lists');
    assert.equal(error, undefined);
    await sql`insert into organization (id, name, pricing_plan) values ('o', 'o', 1)`.execute(db);
    await sql`insert into workspace (id, organization_id, name, created_at) values ('w', 'o', 'w', 1)`.execute(
      db,
    );
    await sql`insert into file_shelf (number, workspace_id, temporary) values (1, 'w', 0)`.execute(db);
    const add = async (number: number): Promise<void> => {
      await sql`insert into file
        (number, id, shelf, name, size, characters, created_at, object_key, etag, metadata)
        values (${number}, ${`f${number}`}, 1, 'a', 1, 0, 1, 'key', 'etag', '{"at":"2026-01-02"}')`.execute(
        db,
      );
      await sql`insert into file_metadata (file_number, path, value, shelf, created_at)
        values (${number}, 'at', 's2026-01-02', 1, 1)`.execute(db);
    };
    await add(1);
    await migrate(db);
    await add(2);
    const { files } = reader(db);
    assert.ok(await files.hasOldEntries());
    assert.equal(await db.transaction().execute((trx) => writer(trx).files.renewEntries(10)), 2);
    assert.ok(!(await files.hasOldEntries()));
    const rows = await sql<{ value: string }>`select value from file_metadata order by value`.execute(db);
    const time = indexedValue(timeOf('2026-01-02') as Time);
    assert.deepEqual(
      rows.rows.map(({ value }) => value),
      ['s2026-01-02', 's2026-01-02', time, time],
    );
  });

  test('the schema of a newer version is refused, and stays as it is', async () => {
    const db = await open();
    await migrate(db);
    await db
      .withTables<{ kysely_migration: { name: string; timestamp: string } }>()
      .insertInto('kysely_migration')
      .values({ name: '9999-of-the-future', timestamp: '2100-01-01' })
      .execute();
    const before = await migrationState(db);
    assert.deepEqual(before.unknown, ['9999-of-the-future']);
    await assert.rejects(migrate(db), /newer version of Sluice \(9999-of-the-future\)\. Run that version/);
    assert.deepEqual(await migrationState(db), before);
  });
};
