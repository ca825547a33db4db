import { CamelCasePlugin, Kysely } from 'kysely';
import type { Database } from '../../src/store/schema.ts';
import { migrationTests } from './migrations-contract.ts';
import { sqliteDialect } from './sqlite-dialect.ts';

migrationTests(
  async () =>
    new Kysely<Database>({
      dialect: sqliteDialect(':memory:'),
      plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    }),
);
