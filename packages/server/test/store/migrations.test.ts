import { CamelCasePlugin, Kysely } from 'kysely';
import { migrationTests } from '../../../../testing/contracts/migrations-contract.ts';
import { sqliteDialect } from '../../../../testing/store/sqlite-dialect.ts';
import type { Database } from '../../src/store/schema.ts';

migrationTests(
  async () =>
    new Kysely<Database>({
      dialect: sqliteDialect(':memory:'),
      plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    }),
);
