import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { CamelCasePlugin, Kysely, SqliteAdapter } from 'kysely';
import { migrate } from '../../packages/server/src/store/migrate.ts';
import { migrations } from '../../packages/server/src/store/migrations/index.ts';
import type { Database } from '../../packages/server/src/store/schema.ts';
import { openConnection } from '../../packages/server/src/store/sqlite/connection.ts';
import { dialectOver } from '../../packages/server/src/store/sqlite/driver.ts';
import { temporaryFolder } from '../../testing/server/harness.ts';

/** Brings a database up to date over a connection that is gone from a statement on; false where it came to its end. */
const migrateUntil = async (path: string, dieBefore = Infinity): Promise<boolean> => {
  const connection = openConnection({ path, readOnly: false, cacheKiB: 1024 });
  let count = 0;
  const here = {
    execute: async (statement: { sql: string; parameters: readonly unknown[] }, limit: number) => {
      if (++count >= dieBefore) throw new Error('killed');
      return connection.execute(statement, limit);
    },
  };
  const dialect = { ...dialectOver(async () => here), createAdapter: () => new SqliteAdapter() };
  const plugins = [new CamelCasePlugin({ maintainNestedObjectKeys: true })];
  const outcome = await migrate(new Kysely<Database>({ dialect, plugins })).catch((error: Error) => error);
  connection.close();
  if (!(outcome instanceof Error)) return false;
  assert.equal(outcome.message, 'killed');
  return true;
};

const schemaOf = (path: string): unknown[] => {
  const database = new DatabaseSync(path);
  try {
    return database.prepare('select type, name, sql from sqlite_schema order by type, name').all();
  } finally {
    database.close();
  }
};

// Each state of a data folder, with a server started on it: suites/starts.
test('LIF.7: migrations that die before any statement have not begun, and the next go through', async (t) => {
  const folder = await temporaryFolder(t);
  await migrateUntil(join(folder, 'clean.db'));
  const clean = schemaOf(join(folder, 'clean.db'));
  const path = join(folder, 'dying.db');
  let deaths = 0;
  // On and on the same one: what any of them left would be in the way of the next.
  while (await migrateUntil(path, deaths + 1)) {
    deaths += 1;
    assert.deepEqual(schemaOf(path), [], `before statement ${deaths}`);
  }
  assert.deepEqual(schemaOf(path), clean);
  assert.ok(deaths > 10 * Object.keys(migrations).length, `${deaths}`);
});
