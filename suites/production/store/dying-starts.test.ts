import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { uuidOf } from '../../../packages/server/src/domain/uuid.ts';
import { migrateJobs } from '../../../packages/server/src/jobs/pg-boss.ts';
import { prepareFirstStart } from '../../../packages/server/src/service/accounts/first-start.ts';
import {
  openPostgresStore,
  type PostgresOptions,
} from '../../../packages/server/src/store/postgres/store.ts';
import { query } from '../../../testing/production/query.ts';
import { ownDatabase } from './own-database.ts';

/** What a start does to an empty database. */
const startOn = async (options: PostgresOptions): Promise<void> => {
  const store = await openPostgresStore(options);
  try {
    await migrateJobs(options.url);
    const wanted = { key: 'api_key', workspace: 'default' };
    let made = 0;
    await prepareFirstStart({ store, clock: () => 1, newId: () => uuidOf(`${made++}`) }, wanted);
  } finally {
    await store.close();
  }
};

/** The connection of the nth statement is cut as that is sent, as by the death of the process; later ones as well. */
const dyingAt = async (nth: number, work: () => Promise<void>): Promise<boolean> => {
  const { query: send } = pg.Client.prototype;
  let count = 0;
  pg.Client.prototype.query = function (this: pg.Client & { connection: pg.Connection }, ...args: never) {
    count += 1;
    if (count >= nth) setImmediate(() => this.connection.stream.destroy());
    return Reflect.apply(send, this, args);
  } as never;
  try {
    await work();
    return count >= nth;
  } catch (error) {
    if (count < nth) throw error;
    return true;
  } finally {
    pg.Client.prototype.query = send;
  }
};

/** Tables with their columns, indexes and functions, of rows and jobs. */
const schemaOf = (url: string): Promise<unknown[]> =>
  query(
    url,
    `select table_schema, table_name, column_name, data_type, is_nullable, column_default, ordinal_position::int
       from information_schema.columns where table_schema not in ('pg_catalog', 'information_schema')
     union all select schemaname, tablename, indexname, indexdef, null, null, 0
       from pg_indexes where schemaname not in ('pg_catalog', 'information_schema')
     union all select n.nspname, p.proname, md5(p.prosrc), null, null, null, 0
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname not in ('pg_catalog', 'information_schema')
     order by 1, 2, 3, 7`,
  );

const tablesOf = async (url: string): Promise<number> => {
  const [row] = await query<{ count: number }>(
    url,
    "select count(*)::int as count from pg_tables where schemaname = 'public'",
  );
  return row?.count ?? 0;
};

test('LIF.7: a start that dies at any statement is gone on with by the next', async () => {
  const clean = (await ownDatabase()).options;
  await startOn(clean);
  const expected = await schemaOf(clean.url);
  const whole = await tablesOf(clean.url);
  const { options } = await ownDatabase();
  // On one database: what one death leaves is what the next start meets.
  let deaths = 0;
  for (let nth = 1; ; nth++) {
    const before = await tablesOf(options.url);
    if (!(await dyingAt(nth, () => startOn(options)))) break;
    deaths += 1;
    const after = await tablesOf(options.url);
    assert.ok(
      after === 0 || after === whole,
      `all tables are there, or none: ${after} after statement ${nth}`,
    );
    // It went a step further; the next one begins with other statements.
    if (after !== before) nth = 0;
  }
  assert.ok(deaths > 50, `${deaths}`);
  assert.deepEqual(await schemaOf(options.url), expected);
  const accounts = await query(options.url, 'select name from organization');
  assert.deepEqual(accounts, [{ name: 'default' }]);
});
