import type { Kysely } from 'kysely';

/** Which state of a sidecar was listed, so that a later one is never taken for it, and its bytes. Null: listed before. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema.alterTable('session_file').addColumn('sidecar_etag', 'text').execute();
  await db.schema.alterTable('session_file').addColumn('sidecar_size', 'bigint').execute();
};
