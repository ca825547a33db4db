import { type Insertable, sql } from 'kysely';
import type { Session } from '../../domain/session.ts';
import type { SessionReader, SessionWriter } from '../../service/ports/sessions.ts';
import type { Tables } from '../dialect.ts';
import type { UploadSessionTable } from '../schema.ts';
import { sessionCounts } from './counts.ts';
import { findSessions } from './pages.ts';
import { toSession } from './row.ts';
import { turnReader, turnWriter } from './turns.ts';

/** Rows of one step of a walk. */
const IDS_AT_A_TIME = 1000;

export const sessionReader = ({ db, dialect }: Tables): SessionReader => ({
  get: async (workspaceId, id) => {
    const query = db.selectFrom('uploadSession').selectAll().where('workspaceId', '=', workspaceId);
    const row = await query.where('id', '=', id).executeTakeFirst();
    return row && toSession(row);
  },

  byId: async (id) => {
    const row = await db.selectFrom('uploadSession').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toSession(row);
  },

  list: (search) => findSessions({ db, dialect }, search),

  ...sessionCounts(db),

  countOpen: async (userId, now) => {
    const { count } = await db
      .selectFrom('uploadSession')
      .innerJoin('workspace', 'workspace.id', 'uploadSession.workspaceId')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('createdBy', '=', userId)
      .where('closedAt', 'is', null)
      .where('listedAt', 'is', null)
      .where('expiresAt', '>', now)
      .where('workspace.deletedAt', 'is', null)
      .executeTakeFirstOrThrow();
    return Number(count);
  },

  ...turnReader(db),

  unswept: async (before, limit) => {
    const rows = await db
      .selectFrom('uploadSession')
      .innerJoin('workspace', 'workspace.id', 'uploadSession.workspaceId')
      .selectAll('uploadSession')
      .where('sweptAt', 'is', null)
      .where('ingestedAt', 'is not', null)
      .where('expiresAt', '<=', before)
      .where('workspace.deletedAt', 'is', null)
      .orderBy('expiresAt')
      .limit(limit)
      .execute();
    return rows.map(toSession);
  },

  idsOfWorkspace: async function* (workspaceId) {
    let after = '';
    for (;;) {
      const rows = await db
        .selectFrom('uploadSession')
        .select('id')
        .where('workspaceId', '=', workspaceId)
        .where('id', '>', after)
        .orderBy('id')
        .limit(IDS_AT_A_TIME)
        .execute();
      for (const { id } of rows) yield id;
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.id;
    }
  },
});

export const sessionWriter = ({ db, dialect }: Tables): SessionWriter => ({
  lockUser: (userId) => dialect.lockRow(db, 'appUser', userId),

  insert: async (session) => {
    await db.insertInto('uploadSession').values(toRow(session)).execute();
  },

  close: async (id, now) => {
    const result = await db
      .updateTable('uploadSession')
      .set({ closedAt: now, endedAt: now })
      .where('id', '=', id)
      .where('closedAt', 'is', null)
      .where('listedAt', 'is', null)
      .where('expiresAt', '>', now)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  },

  ...turnWriter({ db, dialect }),

  lockUnlisted: async (id) => {
    const result = await db
      .updateTable('uploadSession')
      .set({ listedAt: null })
      .where('id', '=', id)
      .where('listedAt', 'is', null)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  },

  setListed: async (id, { at, orphanSidecars }) => {
    const { total, failed } = await db
      .selectFrom('sessionFile')
      .select((eb) => [
        eb.fn.countAll<number>().as('total'),
        eb.fn.count<number>(eb.case().when('status', '=', 'FAILED').then(sql.lit(1)).end()).as('failed'),
      ])
      .where('sessionId', '=', id)
      .executeTakeFirstOrThrow();
    await db
      .updateTable('uploadSession')
      .set({
        listedAt: at,
        totalFiles: Number(total),
        failedFiles: Number(failed),
        orphanSidecars: JSON.stringify(orphanSidecars),
        attempts: 0,
      })
      .where('id', '=', id)
      .execute();
  },

  addOutcomes: async (id, { finished, failed }) => {
    await db
      .updateTable('uploadSession')
      .set((eb) => ({
        finishedFiles: eb('finishedFiles', '+', finished),
        failedFiles: eb('failedFiles', '+', failed),
        attempts: 0,
      }))
      .where('id', '=', id)
      .execute();
  },

  setIngested: async (id, at) => {
    const result = await db
      .updateTable('uploadSession')
      .set({ ingestedAt: at })
      .where('id', '=', id)
      .where('ingestedAt', 'is', null)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  },

  setSwept: async (id, at) => {
    await db.updateTable('uploadSession').set({ sweptAt: at }).where('id', '=', id).execute();
  },
});

const toRow = (session: Session): Insertable<UploadSessionTable> => ({
  ...session,
  parallelProcessingEnabled: Number(session.parallelProcessingEnabled),
  orphanSidecars: JSON.stringify(session.orphanSidecars),
});
