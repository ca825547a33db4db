import { type Kysely, sql } from 'kysely';

/**
 * Which version of `domain/metadata/metadata-index.ts` a file's entries are of. All that are there are of version 0, and so is what
 * a process of an earlier version of Sluice adds; a job gives them new entries (`store/files/index-renewal.ts`).
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .alterTable('file')
    .addColumn('index_version', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createIndex('file_index_version')
    .on('file')
    .columns(['shelf', 'number'])
    .where(sql<boolean>`index_version = 0`)
    .execute();
};
