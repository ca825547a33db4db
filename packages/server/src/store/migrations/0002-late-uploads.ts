import { type Kysely, sql } from 'kysely';

/** Where uploads cannot be stopped, what comes late is removed once no more can come: this says where that is done. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema.alterTable('upload_session').addColumn('swept_at', 'bigint').execute();
  await sql`update upload_session set swept_at = ingested_at`.execute(db);
  await db.schema
    .createIndex('upload_session_unswept')
    .on('upload_session')
    .columns(['expires_at'])
    .where(sql<boolean>`swept_at is null`)
    .execute();
  await db.schema.alterTable('workspace').addColumn('purged_at', 'bigint').execute();
};
