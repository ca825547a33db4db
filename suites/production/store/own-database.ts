import { randomBytes } from 'node:crypto';
import { after } from 'node:test';
import pg from 'pg';
import type { PostgresOptions } from '../../../packages/server/src/store/postgres.ts';
import { services } from '../services.ts';

/** Options for an empty database of its own, which is dropped when the tests of the file have ended. */
export const freshDatabase = async (server: string = services().postgres): Promise<PostgresOptions> => {
  const name = `sluice_test_${randomBytes(8).toString('hex')}`;
  // The order of texts must not matter to the answers, so it is another one than that of bytes.
  await onServer(
    server,
    `create database ${name} template template0 encoding 'UTF8' locale_provider icu icu_locale 'en-US' locale 'C.UTF-8'`,
  );
  const url = new URL(server);
  url.pathname = `/${name}`;
  drops.push(() => onServer(server, `drop database ${name} with (force)`));
  return { url: url.href, poolSize: 5, statementTimeoutMs: 30_000, connectTimeoutMs: 5000 };
};

/** Runs one statement apart from everything. */
export const onServer = async (url: string, statement: string): Promise<pg.QueryResult> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(statement);
  } finally {
    await client.end();
  }
};

/** Something to close before its database is dropped. */
export const closeLater = (close: () => Promise<unknown>): void => {
  closes.push(close);
};

const drops: (() => Promise<unknown>)[] = [];
const closes: (() => Promise<unknown>)[] = [];

after(async () => {
  for (const close of closes) await close();
  for (const drop of drops) await drop();
});
