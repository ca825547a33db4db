import { type Kysely, type SqlBool, sql } from 'kysely';
import type { Instant } from '../../domain/instant.ts';
import type { TurnReader, TurnWriter } from '../../service/ports/sessions.ts';
import type { Tables } from '../dialect.ts';
import type { Database } from '../schema.ts';
import { toSession } from './row.ts';

/** Where a session that is not ingested stands: in the line of its workspace, in the queue of jobs, or at a place. */
const TURNS = { inLine: 0, called: 1, taken: 2 } as const;

export const turnReader = (db: Kysely<Database>): TurnReader => ({
  nextInOrder: async (workspaceId, now) => {
    const row = await first(db, workspaceId, now, { parallel: false });
    return row && toSession(row);
  },

  inTurn: async (limit) => {
    const rows = await inTurn(db)
      .innerJoin('workspace', 'workspace.id', 'uploadSession.workspaceId')
      .select('uploadSession.id')
      .where('workspace.deletedAt', 'is', null)
      .orderBy('turn')
      .orderBy('endedAt')
      .limit(limit)
      .execute();
    return rows.map(({ id }) => id);
  },

  workspacesInLine: async (now) => {
    const called = inTurn(db).select('workspaceId').where('turn', '=', TURNS.called);
    const rows = await db
      .selectFrom('workspace as w')
      .select('w.id')
      .where('w.deletedAt', 'is', null)
      .where('w.id', 'not in', called)
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('uploadSession')
            .select('uploadSession.id')
            .whereRef('workspaceId', '=', 'w.id')
            .where('ingestedAt', 'is', null)
            .where('parallelProcessingEnabled', 'in', [0, 1]) // so that the index of lines is used
            .where(hasEnded(now))
            .where('turn', '=', TURNS.inLine),
        ),
      )
      .execute();
    return rows.map(({ id }) => id);
  },

  isAwaitedElsewhere: async (workspaceId) => {
    const called = await inTurn(db)
      .innerJoin('workspace', 'workspace.id', 'uploadSession.workspaceId')
      .select('uploadSession.id')
      .where('turn', '=', TURNS.called)
      .where('workspaceId', '<>', workspaceId)
      .where('workspace.deletedAt', 'is', null)
      .limit(1)
      .executeTakeFirst();
    return called !== undefined;
  },
});

export const turnWriter = ({ db, dialect }: Tables): TurnWriter => ({
  callNext: async (workspaceId, now) => {
    const turns = await inTurn(db)
      .select(['turn', 'parallelProcessingEnabled'])
      .distinct()
      .where(sql<SqlBool>`${dialect.unindexed(sql`workspace_id`)} = ${workspaceId}`)
      .execute();
    if (turns.some(({ turn }) => turn === TURNS.called)) return undefined;
    const next = [await first(db, workspaceId, now, { parallel: true, turn: TURNS.inLine })];
    if (turns.every((one) => one.parallelProcessingEnabled === 1)) {
      next.push(await first(db, workspaceId, now, { parallel: false }));
    }
    const [earliest] = next
      .filter((session) => session !== undefined)
      .sort((a, b) => a.endedAt - b.endedAt || (a.id < b.id ? -1 : 1));
    if (earliest === undefined) return undefined;
    // Another process may have called it meanwhile.
    const called = await db
      .updateTable('uploadSession')
      .set({ turn: TURNS.called })
      .where('id', '=', earliest.id)
      .where('turn', '=', TURNS.inLine)
      .executeTakeFirst();
    return called.numUpdatedRows > 0n ? earliest.id : undefined;
  },

  giveBack: async (id) => {
    await db.updateTable('uploadSession').set({ turn: TURNS.inLine }).where('id', '=', id).execute();
  },

  countAttempt: async (id) => {
    const { attempts } = await db
      .updateTable('uploadSession')
      .set((eb) => ({ attempts: eb('attempts', '+', 1), turn: TURNS.taken }))
      .where('id', '=', id)
      .returning('attempts')
      .executeTakeFirstOrThrow();
    return attempts;
  },

  forgetAttempts: async (id) => {
    await db.updateTable('uploadSession').set({ attempts: 0 }).where('id', '=', id).execute();
  },
});

/** Not ingested, and not in line. The index has just these. */
const inTurn = (db: Kysely<Database>) =>
  db.selectFrom('uploadSession').where('ingestedAt', 'is', null).where(sql<SqlBool>`turn > 0`);

/** As `sessionStatus` says it: a clock is asked only of those whose row does not say so. */
const hasEnded = (now: Instant) =>
  sql<SqlBool>`(closed_at is not null or listed_at is not null or expires_at <= ${now})`;

/** Ended sessions that are not ingested, those of deleted workspaces not among them. */
export const awaiting = (db: Kysely<Database>, now: Instant) =>
  db
    .selectFrom('uploadSession')
    .innerJoin('workspace', 'workspace.id', 'uploadSession.workspaceId')
    .where('ingestedAt', 'is', null)
    .where(hasEnded(now))
    .where('workspace.deletedAt', 'is', null);

/** The one of a workspace that ended first. */
const first = (
  db: Kysely<Database>,
  workspaceId: string,
  now: Instant,
  of: { parallel: boolean; turn?: number },
) => {
  const found = awaiting(db, now)
    .selectAll('uploadSession')
    .where('workspaceId', '=', workspaceId)
    .where('parallelProcessingEnabled', '=', Number(of.parallel));
  const inOrder = of.turn === undefined ? found : found.where('turn', '=', of.turn);
  return inOrder.orderBy('endedAt').orderBy('uploadSession.id').limit(1).executeTakeFirst();
};
