import { randomBytes } from 'node:crypto';
import type { PostgresOptions } from '../../../packages/server/src/store/postgres/store.ts';
import { query } from '../../../testing/production/query.ts';
import { services } from '../../../testing/production/services.ts';

export type TestDatabase = {
  options: PostgresOptions;
  /** Runs one statement on a connection of its own. */
  run(statement: string): Promise<unknown>;
  drop(): Promise<void>;
};

/** The order of texts is not that of their bytes, as that must not matter. */
const BY_LANGUAGE = "encoding 'UTF8' locale_provider icu icu_locale 'en-US' locale 'C.UTF-8'";

/** An empty database. */
export const createDatabase = async (kind: string = BY_LANGUAGE): Promise<TestDatabase> => {
  const server = services().postgres;
  const name = `sluice_test_${randomBytes(8).toString('hex')}`;
  await query(server, `create database ${name} template template0 ${kind}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    options: { url: url.href, poolSize: 5, statementTimeoutMs: 30_000, connectTimeoutMs: 5000 },
    run: (statement) => query(url.href, statement),
    drop: async () => {
      await query(server, `drop database ${name} with (force)`);
    },
  };
};
