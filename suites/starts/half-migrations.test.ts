import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { CamelCasePlugin, Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrate } from '../../packages/server/src/store/migrate.ts';
import { migrations } from '../../packages/server/src/store/migrations/index.ts';
import type { Database } from '../../packages/server/src/store/schema.ts';
import { temporaryFolder } from '../../testing/server/harness.ts';
import { sqliteDialect } from '../../testing/store/sqlite-dialect.ts';

const NAMES = Object.keys(migrations);
/** Those that were not applied in one commit. Later ones always were. */
const IN_PARTS = NAMES.slice(0, 3);

/** What earlier versions did: each statement by itself. Dies before a statement; false where it came to its end. */
const migrateAsBefore = async (path: string, names: readonly string[], dieBefore = Infinity) => {
  const connection = new DatabaseSync(path);
  connection.exec('pragma synchronous = off');
  let count = 0;
  const dialect = new SqliteDialect({
    database: {
      close: () => connection.close(),
      prepare: (text) => {
        const statement = connection.prepare(text);
        const run = <T>(work: () => T): T => {
          if (++count >= dieBefore) throw new Error('killed');
          return work();
        };
        return {
          reader: statement.columns().length > 0,
          all: (values) => run(() => statement.all(...(values as SQLInputValue[]))),
          run: (values) => run(() => statement.run(...(values as SQLInputValue[]))),
          iterate: () => assert.fail('not used'),
        };
      },
    },
  });
  const db = new Kysely<unknown>({ dialect });
  const some = Object.fromEntries(names.map((name) => [name, migrations[name] as never]));
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => some },
  }).migrateToLatest();
  await db.destroy();
  if (error === undefined) return false;
  assert.match(String(error), /killed/);
  return true;
};

const migrateNow = async (path: string): Promise<void> => {
  const plugins = [new CamelCasePlugin({ maintainNestedObjectKeys: true })];
  const db = new Kysely<Database>({ dialect: sqliteDialect(path), plugins });
  try {
    await migrate(db);
  } finally {
    await db.destroy();
  }
};

const all = (path: string, query: string): unknown[] => {
  const connection = new DatabaseSync(path);
  try {
    return connection.prepare(query).all();
  } finally {
    connection.close();
  }
};

const schemaOf = (path: string): unknown[] =>
  all(path, 'select type, name, tbl_name, sql from sqlite_schema order by type, name');

const cleanSchema = async (t: TestContext): Promise<unknown[]> => {
  const path = join(await temporaryFolder(t), 'clean.db');
  await migrateNow(path);
  return schemaOf(path);
};

const ROWS = `
  insert into organization values ('o', 'default', 3);
  insert into app_user values ('u', 'o', 'g', 'f', 'e', 'ADMIN', 0);
  insert into workspace (id, organization_id, name, created_at) values ('w', 'o', 'n', 1);
  insert into upload_session (id, workspace_id, created_by, write_mode, parallel_processing_enabled, created_at,
    expires_at, ended_at, ingested_at) values ('s', 'w', 'u', 'KEEP', 0, 1, 2, 2, 3), ('t', 'w', 'u', 'KEEP', 0, 1, 2, 2, null);
  insert into session_file (id, session_id, name, upload_key, size, etag, status, created_at)
    values ('f', 's', 'n', 'k', 1, 'e', 'FINISHED', 1);
`;

test('LIF.7: a migration that an earlier version was killed in, at any statement, is healed', async (t) => {
  const folder = await temporaryFolder(t);
  const clean = await cleanSchema(t);
  let states = 0;
  for (const applied of IN_PARTS.keys()) {
    for (let dieBefore = 1; ; dieBefore++) {
      const path = join(folder, `${applied}-${dieBefore}.db`);
      if (applied > 0) {
        await migrateAsBefore(path, NAMES.slice(0, 1));
        const connection = new DatabaseSync(path);
        connection.exec(ROWS);
        connection.close();
        await migrateAsBefore(path, NAMES.slice(0, applied));
      }
      const died = await migrateAsBefore(path, NAMES.slice(0, applied + 1), dieBefore);
      await migrateNow(path);
      assert.deepEqual(schemaOf(path), clean, `${NAMES[applied]} killed before statement ${dieBefore}`);
      const names = all(path, 'select name from kysely_migration order by name');
      assert.deepEqual(
        names.map((row) => (row as { name: string }).name),
        NAMES,
      );
      if (applied > 0) {
        const sessions = all(path, 'select id, swept_at as at from upload_session order by id');
        const expected = [
          { id: 's', at: 3 },
          { id: 't', at: null },
        ];
        assert.deepEqual(
          sessions.map((row) => ({ ...(row as object) })),
          expected,
        );
        assert.equal(all(path, 'select 1 from session_file').length, 1);
      }
      states += 1;
      if (!died) break;
    }
  }
  assert.ok(states > 50, `${states}`);
});

test('what may be somebody’s is never dropped', async (t) => {
  const folder = await temporaryFolder(t);
  const cases: [string, string, RegExp][] = [
    ['foreign', 'create table customer (id)', /not those of Sluice \(customer\)/],
    ['view', 'create view report as select 1', /not those of Sluice \(report\)/],
    [
      'rows',
      'create table workspace (id); insert into workspace values (1)',
      /table workspace .* holds rows/,
    ],
  ];
  for (const [name, tables, message] of cases) {
    const path = join(folder, `${name}.db`);
    const connection = new DatabaseSync(path);
    connection.exec(`create table organization (id); ${tables}`);
    connection.close();
    const before = schemaOf(path);
    await assert.rejects(migrateNow(path), message);
    assert.deepEqual(schemaOf(path), before);
  }
});

test('LIF.7: a migration that fails leaves nothing of itself', async (t) => {
  const path = join(await temporaryFolder(t), 'failing.db');
  await migrateAsBefore(path, NAMES.slice(0, 1));
  const connection = new DatabaseSync(path);
  connection.exec(ROWS);
  // What 0003 is about is not as it should be: 0002 has been applied by then.
  connection.exec('alter table session_file rename to elsewhere');
  connection.close();
  const before = schemaOf(path);
  await assert.rejects(migrateNow(path));
  assert.deepEqual(schemaOf(path), before);
  assert.equal(all(path, 'select 1 from kysely_migration').length, 1);
});
