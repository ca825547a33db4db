import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { explain } from '../../../packages/server/src/explain.ts';
import { readConfig } from '../../../packages/server/src/settings/config.ts';
import { migratePostgres } from '../../../packages/server/src/store/postgres/store.ts';
import { freshDatabase } from '../../../testing/production/production-services.ts';
import { query } from '../../../testing/production/query.ts';

/** What a start with this URL says of the database. */
const said = async (url: string, patience = '30'): Promise<string> => {
  const result = readConfig({
    SLUICE_DATABASE_URL: url,
    SLUICE_DATABASE_CONNECT_SECONDS: patience,
    SLUICE_S3_REGION: 'us-east-1',
  });
  assert.ok('config' in result && result.config.storage.kind === 'production');
  const { storage } = result.config;
  return migratePostgres(storage.database).then(
    () => 'nothing',
    (error: unknown) => explain(error, storage),
  );
};

const listening = async (t: TestContext, hangUp: boolean): Promise<string> => {
  const server = createServer((socket) => hangUp && socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return String((server.address() as AddressInfo).port);
};

test('a database that cannot be used is told with where it is, why, and the setting; never with a secret', async (t) => {
  const good = await freshDatabase();
  const { hostname, port, password } = new URL(good);
  const name = new URL(good).pathname.slice(1);
  const but = (change: (url: URL) => void): string => {
    const url = new URL(good);
    change(url);
    return url.href;
  };
  const as = (user: string) =>
    but((url) => {
      url.username = user;
      url.password = 'a secret';
    });
  await query(good, `create role r${name} login password 'a secret'`);
  await query(good, `create role s${name} login password 'a secret' connection limit 0`);
  const readOnly = await freshDatabase();
  await query(
    readOnly,
    `alter database ${new URL(readOnly).pathname.slice(1)} set default_transaction_read_only = on`,
  );

  const look = 'Look at SLUICE_DATABASE_URL.';
  const cases: [url: string, where: string, why: RegExp, advice: string][] = [
    [
      but((u) => {
        u.port = '1';
      }),
      `${hostname}:1`,
      /nothing listens there \(ECONNREFUSED\)/,
      look,
    ],
    [
      but((u) => {
        u.hostname = 'nobody.invalid';
      }),
      `nobody.invalid:${port}`,
      /no host of that name \(ENOTFOUND\)|looked up now \(EAI_AGAIN\)/,
      look,
    ],
    [
      but((u) => {
        u.pathname = '/nope';
      }),
      `"nope" at ${hostname}`,
      /no database of that name \(3D000\)/,
      look,
    ],
    [
      but((u) => {
        u.password = 'a secret';
      }),
      hostname,
      /password is not that of the user \(28P01\)/,
      look,
    ],
    [
      but((u) => {
        u.password = '';
      }),
      hostname,
      /asks for a password \(no password\)/,
      look,
    ],
    [
      but((u) => {
        u.search = '?sslmode=require';
      }),
      hostname,
      /speaks no TLS, which sslmode asks for/,
      look,
    ],
    [
      await listening(t, false).then((p) =>
        but((u) => {
          u.port = p;
        }),
      ),
      hostname,
      /does not answer/,
      look,
    ],
    [
      await listening(t, true).then((p) =>
        but((u) => {
          u.port = p;
        }),
      ),
      hostname,
      /hung up/,
      look,
    ],
    [as(`r${name}`), hostname, /the user may not do this there \(42501\)/, look],
    [as(`s${name}`), hostname, /no connection left.*\(53300\)/, ''],
    [readOnly, hostname, /read-only, as a standby is \(25006\)/, look],
  ];
  for (const [url, where, why, advice] of cases) {
    const words = await said(url, why.source.includes('answer') ? '1' : '30');
    assert.ok(words.startsWith('The database "') && words.includes(where) && words.endsWith(advice), words);
    assert.match(words, why);
    assert.ok(!words.includes(password) && !words.includes('a secret'), words);
  }
  assert.equal(await said(good), 'nothing');
});
