import { type Kysely, type Selectable, type SqlBool, sql } from 'kysely';
import type { SessionFileReader, SessionFileWriter } from '../../service/ports/session-files.ts';
import type { ColumnTypes } from '../dialect.ts';
import { dialectOf } from '../dialect-of.ts';
import { chunksOf, insertRows } from '../insert-rows.ts';
import { pageByCreation } from '../paging.ts';
import type { Database, SessionFileTable } from '../schema.ts';

const COLUMNS: ColumnTypes<SessionFileTable> = {
  id: 'text',
  sessionId: 'text',
  name: 'text',
  uploadKey: 'text',
  size: 'bigint',
  etag: 'text',
  sidecarKey: 'text',
  sidecarEtag: 'text',
  sidecarSize: 'bigint',
  status: 'text',
  reason: 'text',
  message: 'text',
  fileId: 'text',
  createdAt: 'bigint',
};

type Outcome = Pick<SessionFileTable, 'id' | 'status' | 'reason' | 'message' | 'fileId'>;

const OUTCOME_COLUMNS: ColumnTypes<Outcome> = {
  id: 'text',
  status: 'text',
  reason: 'text',
  message: 'text',
  fileId: 'text',
};

export const sessionFileReader = (db: Kysely<Database>): SessionFileReader => ({
  list: async ({ sessionId, status, total, ...page }) => {
    const known = db
      .selectFrom('sessionFile')
      .where('sessionId', '=', sessionId)
      .where(dialectOf(db).inTime(sql`id`));
    // As it stands in the statement: that of FAILED ones is answered by an index of just these.
    const matching = status === null ? known : known.where('status', '=', sql.lit(status));
    return pageByCreation<Selectable<SessionFileTable>>({ matching, known: [known], total }, page, 'asc');
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
  insertMany: (files) =>
    insertRows<SessionFileTable>(db, 'sessionFile', COLUMNS, files, sql`on conflict (id) do nothing`),

  settle: async (outcomes) => {
    const settled = outcomes.map(
      (outcome): Outcome =>
        outcome.status === 'FINISHED'
          ? { ...outcome, reason: null, message: null }
          : { ...outcome, fileId: null },
    );
    for (const chunk of chunksOf(settled)) {
      await sql`
        update session_file set
          status = outcome.status,
          reason = outcome.reason,
          message = outcome.message,
          file_id = outcome.file_id
        from ${dialectOf(db).rows(OUTCOME_COLUMNS, chunk)} as outcome
        where session_file.id = outcome.id`.execute(db);
    }
  },
});
