import { CamelCasePlugin, Kysely } from 'kysely';
import type { Database } from '../../src/store/schema.ts';
import { sqliteDialect } from '../../src/store/sqlite.ts';
import { migrationTests } from './migrations-contract.ts';

migrationTests(
  async () =>
    new Kysely<Database>({
      dialect: sqliteDialect(':memory:'),
      plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    }),
);
