import type { SessionSortField } from '@sluice/contract';
import { type ExpressionBuilder, type Kysely, type Selectable, sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Session } from '../domain/session.ts';
import type { SessionReader, SessionWriter } from '../service/ports.ts';
import { dialectOf } from './dialect-of.ts';
import { pageByCreation } from './paging.ts';
import type { Database, UploadSessionTable } from './schema.ts';

export const sessionReader = (db: Kysely<Database>): SessionReader => ({
  get: async (workspaceId, id) => {
    const query = db.selectFrom('uploadSession').selectAll().where('workspaceId', '=', workspaceId);
    return toSession(await query.where('id', '=', id).executeTakeFirst());
  },

  byId: async (id) =>
    toSession(await db.selectFrom('uploadSession').selectAll().where('id', '=', id).executeTakeFirst()),

  list: async (search) => {
    const matching = db
      .selectFrom('uploadSession')
      .where('workspaceId', '=', search.workspaceId)
      .where('expiresAt', search.isExpired ? '<=' : '>', search.now)
      .where(dialectOf(db).inTime(sql`id`));
    const direction = search.order === 'ASC' ? 'asc' : 'desc';
    const expression = SORTS[search.field](search.now);
    const sort = expression && ({ expression, direction } as const);
    const rows = await pageByCreation<Selectable<UploadSessionTable>>(matching, search, direction, sort);
    return rows && { ...rows, rows: rows.rows.map((row) => toSession(row) as Session) };
  },

  countOpen: async (userId, now) => {
    const { count } = await db
      .selectFrom('uploadSession')
      .innerJoin('workspace', 'workspace.id', 'uploadSession.workspaceId')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('createdBy', '=', userId)
      .where('endedAt', '>', now)
      .where('closedAt', 'is', null)
      .where('workspace.deletedAt', 'is', null)
      .executeTakeFirstOrThrow();
    return Number(count);
  },

  awaitingIngestion: async (now, limit) => {
    const placed = awaiting(db, now).select(
      sql<number>`row_number() over (
        partition by upload_session.workspace_id, parallel_processing_enabled
        order by ended_at, upload_session.id)`.as('place'),
    );
    const rows = await db
      .selectFrom(placed.as('uploadSession'))
      .selectAll()
      .where((eb) => eb.or([eb('parallelProcessingEnabled', '=', 1), eb('place', '=', 1)]))
      .orderBy('endedAt')
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(({ place: _, ...row }) => toSession(row) as Session);
  },

  nextInOrder: async (workspaceId, now) => {
    const inOrder = awaiting(db, now)
      .where('workspaceId', '=', workspaceId)
      .where('parallelProcessingEnabled', '=', 0);
    return toSession(await inOrder.orderBy('endedAt').orderBy('id').executeTakeFirst());
  },

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
    return rows.map((row) => toSession(row) as Session);
  },

  idsOfWorkspace: async (workspaceId) => {
    const rows = await db
      .selectFrom('uploadSession')
      .select('id')
      .where('workspaceId', '=', workspaceId)
      .execute();
    return rows.map((row) => row.id);
  },

  gauges: async (now) => {
    const states = await db
      .selectFrom('uploadSession')
      .select((eb) => [
        eb.fn.sum<number>(flag(eb, sql`closed_at is not null`)).as('closed'),
        eb.fn.sum<number>(flag(eb, sql`closed_at is null and expires_at <= ${now}`)).as('expired'),
        eb.fn.sum<number>(flag(eb, sql`closed_at is null and expires_at > ${now}`)).as('open'),
      ])
      .where(dialectOf(db).inTime(sql`id`))
      .executeTakeFirstOrThrow();
    const queue = await awaiting(db, now)
      .clearSelect()
      .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.min('endedAt').as('oldest')])
      .executeTakeFirstOrThrow();
    return {
      open: Number(states.open ?? 0),
      closed: Number(states.closed ?? 0),
      expired: Number(states.expired ?? 0),
      awaitingIngestion: Number(queue.count),
      oldestAwaiting: queue.oldest === null ? null : Number(queue.oldest),
    };
  },
});

export const sessionWriter = (db: Kysely<Database>): SessionWriter => ({
  lockUser: (userId) => dialectOf(db).lockRow(db, 'appUser', userId),

  insert: async (session) => {
    await db.insertInto('uploadSession').values(toRow(session)).execute();
  },

  close: async (id, now) => {
    const result = await db
      .updateTable('uploadSession')
      .set({ closedAt: now, endedAt: now })
      .where('id', '=', id)
      .where('closedAt', 'is', null)
      .where('expiresAt', '>', now)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  },

  countAttempt: async (id) => {
    const { attempts } = await db
      .updateTable('uploadSession')
      .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
      .where('id', '=', id)
      .returning('attempts')
      .executeTakeFirstOrThrow();
    return attempts;
  },

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

  forgetAttempts: async (id) => {
    await db.updateTable('uploadSession').set({ attempts: 0 }).where('id', '=', id).execute();
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

const awaiting = (db: Kysely<Database>, now: Instant) =>
  db
    .selectFrom('uploadSession')
    .innerJoin('workspace', 'workspace.id', 'uploadSession.workspaceId')
    .selectAll('uploadSession')
    .where('ingestedAt', 'is', null)
    .where('endedAt', '<=', now)
    .where('workspace.deletedAt', 'is', null);

/** What each sort field of the API sorts by; undefined: the order of creation alone. */
const SORTS: Record<SessionSortField, (now: Instant) => ReturnType<typeof sql> | undefined> = {
  created_at: () => undefined,
  expires_at: () => sql`expires_at`,
  ingestion_status_reason: () => sql`failed_files`,
  name: () => sql`id`,
  file_count: () => sql`total_files`,
  status: (now) => sql`case when closed_at is not null then 0 when expires_at <= ${now} then 1 else 2 end`,
  write_mode: () => sql`write_mode`,
};

const flag = (eb: ExpressionBuilder<Database, 'uploadSession'>, condition: ReturnType<typeof sql>) =>
  eb.case().when(sql<boolean>`${condition}`).then(sql.lit(1)).else(sql.lit(0)).end();

const toRow = (session: Session): UploadSessionTable => ({
  ...session,
  parallelProcessingEnabled: Number(session.parallelProcessingEnabled),
  orphanSidecars: JSON.stringify(session.orphanSidecars),
});

const toSession = (row: Selectable<UploadSessionTable> | undefined): Session | undefined =>
  row && {
    ...row,
    parallelProcessingEnabled: row.parallelProcessingEnabled !== 0,
    orphanSidecars: JSON.parse(row.orphanSidecars) as string[],
  };
