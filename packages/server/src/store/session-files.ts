import { type Kysely, type Selectable, type SqlBool, sql } from 'kysely';
import type { SessionFile } from '../domain/session.ts';
import type { SessionFileReader, SessionFileWriter } from '../service/ports.ts';
import { dialectOf } from './dialect.ts';
import { pageByCreation } from './paging.ts';
import type { Database, SessionFileTable } from './schema.ts';

/** Rows one statement writes: SQLite binds at most 32,766 values, PostgreSQL 65,535. */
const CHUNK = 500;

export const sessionFileReader = (db: Kysely<Database>): SessionFileReader => ({
  list: async ({ sessionId, status, ...page }) => {
    let matching = db.selectFrom('sessionFile').where('sessionId', '=', sessionId);
    if (status !== null) matching = matching.where('status', '=', status);
    return pageByCreation<Selectable<SessionFileTable>>(matching, page, 'asc');
  },

  pending: async (sessionId, after, limit) => {
    let rows = db
      .selectFrom('sessionFile')
      .selectAll()
      .where('sessionId', '=', sessionId)
      .where('status', '=', 'PENDING');
    if (after) rows = rows.where(sql<SqlBool>`(created_at, id) > (${after.createdAt}, ${after.id})`);
    return rows.orderBy('createdAt').orderBy('id').limit(limit).execute();
  },

  pendingAmong: async (ids) => {
    const found = await sql<{ id: string }>`
      select id from session_file where status = 'PENDING' and id in ${dialectOf(db).listed(ids)}`.execute(
      db,
    );
    return new Set(found.rows.map((row) => row.id));
  },
});

export const sessionFileWriter = (db: Kysely<Database>): SessionFileWriter => ({
  insertMany: async (files) => {
    for (let at = 0; at < files.length; at += CHUNK) {
      await db
        .insertInto('sessionFile')
        .values(files.slice(at, at + CHUNK) as SessionFile[])
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
    }
  },

  // One statement for many rows: their ids and outcomes travel as one JSON value.
  settle: async (outcomes) => {
    for (let at = 0; at < outcomes.length; at += CHUNK) {
      const rows = JSON.stringify(outcomes.slice(at, at + CHUNK));
      await sql`
        update session_file set
          status = json_extract(outcome.value, '$.status'),
          reason = json_extract(outcome.value, '$.reason'),
          message = json_extract(outcome.value, '$.message'),
          file_id = json_extract(outcome.value, '$.fileId')
        from json_each(${rows}) as outcome
        where session_file.id = json_extract(outcome.value, '$.id')`.execute(db);
    }
  },
});
