import { type Kysely, PostgresAdapter, sql } from 'kysely';

/** The first schema. Written without Database types: a migration describes its own day, not today. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  const onPostgres = db.getExecutor().adapter instanceof PostgresAdapter;
  // By bytes, as everywhere in SQLite, whatever the order of the database.
  const text = onPostgres ? sql`text collate "C"` : 'text';

  await db.schema
    .createTable('organization')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('name', text, (c) => c.notNull().unique())
    .addColumn('pricing_plan', 'integer', (c) => c.notNull())
    .execute();

  await db.schema
    .createTable('app_user')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('organization_id', text, (c) => c.notNull().references('organization.id'))
    .addColumn('given_name', text, (c) => c.notNull())
    .addColumn('family_name', text, (c) => c.notNull())
    .addColumn('email', text, (c) => c.notNull())
    .addColumn('role', text, (c) => c.notNull())
    .addColumn('deleted', 'integer', (c) => c.notNull().defaultTo(0))
    .addUniqueConstraint('app_user_email', ['organization_id', 'email'])
    .execute();

  await db.schema
    .createTable('token')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('organization_id', text, (c) => c.notNull().references('organization.id'))
    .addColumn('user_id', text, (c) => c.notNull().references('app_user.id'))
    .addColumn('name', text)
    .addColumn('hash', text, (c) => c.notNull().unique())
    .addColumn('role', text, (c) => c.notNull())
    .addColumn('workspace_ids', text)
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint')
    .execute();

  await db.schema
    .createTable('workspace')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('organization_id', text, (c) => c.notNull().references('organization.id'))
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('deleted_at', 'bigint')
    .addColumn('file_count', 'bigint', (c) => c.notNull().defaultTo(0))
    .addColumn('files_version', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createIndex('workspace_name')
    .unique()
    .on('workspace')
    .columns(['organization_id', 'name'])
    .where(sql<boolean>`deleted_at is null`)
    .execute();

  await db.schema
    .createTable('upload_session')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('workspace_id', text, (c) => c.notNull().references('workspace.id'))
    .addColumn('created_by', text, (c) => c.notNull().references('app_user.id'))
    .addColumn('write_mode', text, (c) => c.notNull())
    .addColumn('parallel_processing_enabled', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addColumn('closed_at', 'bigint')
    .addColumn('ended_at', 'bigint', (c) => c.notNull())
    .addColumn('listed_at', 'bigint')
    .addColumn('ingested_at', 'bigint')
    .addColumn('total_files', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('finished_files', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('failed_files', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('orphan_sidecars', text, (c) => c.notNull().defaultTo('[]'))
    .execute();
  await db.schema
    .createIndex('upload_session_created')
    .on('upload_session')
    .columns(['workspace_id', 'created_at', 'id'])
    .execute();
  await db.schema
    .createIndex('upload_session_user')
    .on('upload_session')
    .columns(['created_by', 'ended_at'])
    .execute();
  await db.schema
    .createIndex('upload_session_awaiting')
    .on('upload_session')
    .columns(['ended_at', 'id'])
    .where(sql<boolean>`ingested_at is null`)
    .execute();

  await db.schema
    .createTable('session_file')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('session_id', text, (c) => c.notNull().references('upload_session.id'))
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('upload_key', text, (c) => c.notNull())
    .addColumn('size', 'bigint', (c) => c.notNull())
    .addColumn('etag', text, (c) => c.notNull())
    .addColumn('sidecar_key', text)
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('reason', text)
    .addColumn('message', text)
    .addColumn('file_id', text)
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('session_file_arrival')
    .on('session_file')
    .columns(['session_id', 'created_at', 'id'])
    .execute();

  await db.schema
    .createTable('file_shelf')
    .addColumn('number', 'integer', (c) =>
      onPostgres ? c.primaryKey().generatedByDefaultAsIdentity() : c.primaryKey(),
    )
    .addColumn('workspace_id', text, (c) => c.notNull().references('workspace.id').onDelete('cascade'))
    .addColumn('temporary', 'integer', (c) => c.notNull())
    .addUniqueConstraint('file_shelf_workspace', ['workspace_id', 'temporary'])
    .execute();

  await db.schema
    .createTable('file')
    .addColumn('number', onPostgres ? 'bigint' : 'integer', (c) => c.primaryKey())
    .addColumn('id', text, (c) => c.notNull().unique())
    .addColumn('shelf', 'integer', (c) => c.notNull().references('file_shelf.number'))
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('size', 'bigint', (c) => c.notNull())
    .addColumn('characters', 'bigint', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('object_key', text, (c) => c.notNull())
    .addColumn('etag', text, (c) => c.notNull())
    .addColumn('temporary_until', 'bigint')
    .addColumn('metadata', text, (c) => c.notNull())
    .execute();
  // What a walk through the index gives; in SQLite, every index has it.
  const number = onPostgres ? ['number'] : [];
  await db.schema
    .createIndex('file_created')
    .on('file')
    .columns(['shelf', 'created_at', 'id', ...number])
    .execute();
  await db.schema
    .createIndex('file_name')
    .on('file')
    .columns(['shelf', 'name', 'id', ...number])
    .execute();
  await db.schema
    .createIndex('file_temporary')
    .on('file')
    .columns(['temporary_until'])
    .where(sql<boolean>`temporary_until is not null`)
    .execute();

  // Kept in the order of its key, which is that of arrival: new rows go to the end, and a file's rows lie together.
  await db.schema
    .createTable('file_metadata')
    .addColumn('file_number', 'bigint', (c) => c.notNull())
    .addColumn('path', text, (c) => c.notNull())
    .addColumn('value', text, (c) => c.notNull())
    .addColumn('shelf', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('full_value', text)
    .addPrimaryKeyConstraint('file_metadata_file', ['file_number', 'path', 'value'])
    .modifyEnd(onPostgres ? sql`` : sql`without rowid`)
    .execute();
  await db.schema
    .createIndex('file_metadata_value')
    .on('file_metadata')
    .columns(['shelf', 'path', 'value', 'created_at', 'file_number'])
    .execute();

  // Every run of three characters in a name, case kept.
  if (onPostgres) {
    // Its cost keeps the planner from working it out for many rows instead of asking the index.
    await sql`
      create function file_name_trigrams(shelf integer, name text) returns text[]
      language sql immutable strict parallel safe cost 1000
      as $$ select array(
        select shelf || ':' || substr(name, at, 3) from generate_series(1, char_length(name) - 2) as at
      ) $$`.execute(db);
    await sql`create index file_name_trigram on file using gin (file_name_trigrams(shelf, name))`.execute(db);
  } else {
    // Rows have the number of the file. It holds no text itself.
    await sql`
      create virtual table file_name_trigram using fts5(
        name, content = '', contentless_delete = 1, detail = none, tokenize = 'trigram case_sensitive 1'
      )`.execute(db);
  }

  await db.schema
    .createTable('garbage')
    .addColumn('key', text, (c) => c.primaryKey())
    .addColumn('not_before', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('garbage_due').on('garbage').columns(['not_before']).execute();
};
