import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Kysely } from 'kysely';
import { migrate, migrationState } from '../../src/store/migrate.ts';
import { migrations } from '../../src/store/migrations/index.ts';
import type { Database } from '../../src/store/schema.ts';

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
