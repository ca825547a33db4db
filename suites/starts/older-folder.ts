import { join } from 'node:path';
import { CamelCasePlugin, Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { hashToken } from '../../packages/server/src/domain/accounts/tokens.ts';
import { migrations } from '../../packages/server/src/store/migrations/index.ts';
import { API_KEY } from '../../testing/server/harness.ts';
import { sqliteDialect } from '../../testing/store/sqlite-dialect.ts';

/** The rows of a data folder as a version left them that knew so many migrations, with the key of the tests. */
export const makeOlderFolder = async (directory: string, known: number): Promise<void> => {
  const plugins = [new CamelCasePlugin({ maintainNestedObjectKeys: true })];
  // biome-ignore lint/suspicious/noExplicitAny: of another day than today's types
  const db = new Kysely<any>({ dialect: sqliteDialect(join(directory, 'sluice.db')), plugins });
  const some = Object.fromEntries(Object.entries(migrations).slice(0, known));
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => some },
  }).migrateToLatest();
  if (error) throw error;
  const organizationId = 'o';
  await db
    .insertInto('organization')
    .values({ id: organizationId, name: 'default', pricingPlan: 3 })
    .execute();
  const user = { id: 'u', organizationId, givenName: 'g', familyName: 'f', email: 'e', role: 'ADMIN' };
  await db.insertInto('appUser').values(user).execute();
  const token = {
    id: 't',
    organizationId,
    userId: 'u',
    hash: hashToken(API_KEY),
    role: 'ADMIN',
    createdAt: 1,
  };
  await db.insertInto('token').values(token).execute();
  const workspace = { id: 'w', organizationId, name: 'default', createdAt: 1 };
  await db.insertInto('workspace').values(workspace).execute();
  await db.destroy();
};
