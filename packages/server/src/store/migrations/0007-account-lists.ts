import { type Kysely, PostgresAdapter, sql } from 'kysely';

/**
 * Where deleted keys stood in lists of keys, and who saw them there: whoever walks such a list and deletes goes on. Users
 * of an organization in the order of their ids, which is that of creation.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  const onPostgres = db.getExecutor().adapter instanceof PostgresAdapter;
  const text = onPostgres ? sql`text collate "C"` : 'text';
  await db.schema
    .createTable('deleted_token')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('organization_id', text, (c) => c.notNull())
    .addColumn('user_id', text, (c) => c.notNull())
    .addColumn('role', text, (c) => c.notNull())
    .addColumn('permissions', text)
    .addColumn('workspace_ids', text)
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint')
    .execute();
  await db.schema.createIndex('app_user_created').on('app_user').columns(['organization_id', 'id']).execute();
};
