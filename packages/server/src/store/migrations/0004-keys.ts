import { type Kysely, PostgresAdapter, sql } from 'kysely';

/** 2255-06-05, in microseconds. */
const LATEST = Number.MAX_SAFE_INTEGER;

/**
 * Permissions of keys (null: those of the role), which key each was made with, and with which key a session was opened
 * (null: before). Lists of workspaces name each once, in order. What was to expire later than a time can be written
 * exactly expires then: rows of it could not be read.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  const onPostgres = db.getExecutor().adapter instanceof PostgresAdapter;
  const text = onPostgres ? sql`text collate "C"` : 'text';

  for (const column of ['permissions', 'created_by_token_id', 'parent_id']) {
    await db.schema.alterTable('token').addColumn(column, text).execute();
  }
  await db.schema.alterTable('upload_session').addColumn('token_id', text).execute();

  for (const [name, columns] of [
    ['token_created', ['organization_id', 'created_at', 'id']],
    ['token_user', ['user_id', 'created_at', 'id']],
    ['token_parent', ['parent_id']],
  ] as const) {
    await db.schema
      .createIndex(name)
      .on('token')
      .columns([...columns])
      .execute();
  }
  await db.schema
    .createIndex('upload_session_token')
    .on('upload_session')
    .columns(['token_id', 'workspace_id', 'created_at', 'id', 'expires_at'])
    .execute();

  const distinct = onPostgres
    ? sql`(select cast(json_agg(distinct value order by value) as text)
        from json_array_elements_text(cast(workspace_ids as json)) as listed (value))`
    : sql`(select json_group_array(distinct value order by value) from json_each(workspace_ids))`;
  await sql`update token set workspace_ids = ${distinct} where length(workspace_ids) > 40`.execute(db);
  await sql`update token set expires_at = ${LATEST} where expires_at > ${LATEST}`.execute(db);
};
