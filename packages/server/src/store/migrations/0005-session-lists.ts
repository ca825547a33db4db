import { type Kysely, sql } from 'kysely';

/**
 * Turns that go round among workspaces: where a session that is not ingested stands, and the lines they stand in. Lists
 * and counts of sessions that cost the same however many there are: an index for each order, and for each count.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .alterTable('upload_session')
    .addColumn('turn', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createIndex('upload_session_line')
    .on('upload_session')
    .columns(['workspace_id', 'parallel_processing_enabled', 'ended_at', 'id'])
    .where(sql<boolean>`ingested_at is null`)
    .execute();
  await db.schema
    .createIndex('upload_session_turn')
    .on('upload_session')
    .columns(['turn', 'workspace_id'])
    .where(sql<boolean>`ingested_at is null and turn > 0`)
    .execute();

  // The time a session ends at is in each, so that a walk looks at no row that is not on the page.
  await db.schema.dropIndex('upload_session_created').execute();
  for (const [name, key] of Object.entries(ORDERS)) {
    const columns = ['workspace_id', ...key, 'created_at', 'id', 'expires_at'];
    await sql`create index ${sql.id(`upload_session_${name}`)} on upload_session
      (${sql.join([...new Set(columns)].map((column) => sql.raw(column)))})`.execute(db);
  }

  await db.schema.dropIndex('upload_session_user').execute();
  await db.schema
    .createIndex('upload_session_open')
    .on('upload_session')
    .columns(['created_by', 'expires_at'])
    .where(sql<boolean>`closed_at is null`)
    .execute();
  await db.schema
    .createIndex('upload_session_unclosed')
    .on('upload_session')
    .columns(['expires_at'])
    .where(sql<boolean>`closed_at is null`)
    .execute();
  await db.schema
    .createIndex('upload_session_closed')
    .on('upload_session')
    .columns(['closed_at'])
    .where(sql<boolean>`closed_at is not null`)
    .execute();
  await db.schema
    .createIndex('session_file_failed')
    .on('session_file')
    .columns(['session_id', 'created_at', 'id'])
    .where(sql<boolean>`status = 'FAILED'`)
    .execute();
};

/** What each is sorted by before the order of creation. */
const ORDERS = {
  created: [],
  expires: ['expires_at'],
  failed: ['failed_files'],
  files: ['total_files'],
  mode: ['write_mode'],
  status: ['(closed_at is null)'],
  name: ['id'],
};
