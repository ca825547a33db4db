import { type Selectable, type SqlBool, sql } from 'kysely';
import type { SessionFileReader, SessionFileWriter } from '../../service/ports/session-files.ts';
import type { ColumnTypes, Tables } from '../dialect.ts';
import { chunksOf, insertRows } from '../insert-rows.ts';
import { pageByCreation } from '../paging.ts';
import type { SessionFileTable } from '../schema.ts';

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

export const sessionFileReader = ({ db, dialect }: Tables): SessionFileReader => ({
  list: async ({ sessionId, status, total, ...page }) => {
    const known = db
      .selectFrom('sessionFile')
      .where('sessionId', '=', sessionId)
      .where(dialect.inTime(sql`id`));
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
      select id from session_file where status = 'PENDING' and id in ${dialect.listed(ids)}`.execute(db);
    return new Set(found.rows.map((row) => row.id));
  },
});

export const sessionFileWriter = ({ db, dialect }: Tables): SessionFileWriter => ({
  insertMany: (files) =>
    insertRows<SessionFileTable>(
      { db, dialect },
      'sessionFile',
      COLUMNS,
      files,
      sql`on conflict (id) do nothing`,
    ),

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
        from ${dialect.rows(OUTCOME_COLUMNS, chunk)} as outcome
        where session_file.id = outcome.id`.execute(db);
    }
  },
});
