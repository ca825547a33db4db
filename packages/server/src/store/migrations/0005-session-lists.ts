import { type Kysely, sql } from 'kysely';

/** Turns that go round among workspaces: where a session that is not ingested stands, and the lines they stand in. */
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
};
