import type { Kysely, Selectable } from 'kysely';
import type { Workspace } from '../domain/workspace.ts';
import type { WorkspaceReader, WorkspaceWriter } from '../service/ports.ts';
import { dialectOf } from './dialect-of.ts';
import type { Database, WorkspaceTable } from './schema.ts';

export const workspaceReader = (db: Kysely<Database>): WorkspaceReader => {
  const live = () => db.selectFrom('workspace').selectAll().where('deletedAt', 'is', null);
  return {
    byName: async (organizationId, name) =>
      toWorkspace(
        await live().where('organizationId', '=', organizationId).where('name', '=', name).executeTakeFirst(),
      ),

    byId: async (id) => toWorkspace(await live().where('id', '=', id).executeTakeFirst()),

    all: async (organizationId) => {
      const rows = await live().where('organizationId', '=', organizationId).orderBy('name').execute();
      return rows.map((row) => toWorkspace(row) as Workspace);
    },

    deleted: () =>
      db
        .selectFrom('workspace')
        .select((eb) => [
          'id',
          'organizationId',
          'purgedAt',
          eb
            .selectFrom('uploadSession')
            .select((max) => max.fn.max('expiresAt').as('last'))
            .whereRef('workspaceId', '=', 'workspace.id')
            .as('lastExpiry'),
        ])
        .where('deletedAt', 'is not', null)
        .orderBy('deletedAt')
        .execute(),
  };
};

export const workspaceWriter = (db: Kysely<Database>): WorkspaceWriter => ({
  // Whoever counts the workspaces of the organisation after this sees them all: others wait for this transaction.
  insert: async (workspace) => {
    await dialectOf(db).lockRow(db, 'organization', workspace.organizationId);
    const result = await db
      .insertInto('workspace')
      .values({ ...workspace, deletedAt: null, purgedAt: null })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return result.numInsertedOrUpdatedRows === 1n;
  },

  markDeleted: async (id, at) => {
    const result = await db
      .updateTable('workspace')
      .set({ deletedAt: at })
      .where('id', '=', id)
      .where('deletedAt', 'is', null)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  },

  setPurged: async (id, at) => {
    await db.updateTable('workspace').set({ purgedAt: at }).where('id', '=', id).execute();
  },

  removeSession: async (id, limit) => {
    const some = db.selectFrom('sessionFile').select('id').where('sessionId', '=', id).limit(limit);
    const { numDeletedRows } = await db
      .deleteFrom('sessionFile')
      .where('id', 'in', some)
      .executeTakeFirstOrThrow();
    if (numDeletedRows >= limit) return false;
    await db.deleteFrom('uploadSession').where('id', '=', id).execute();
    return true;
  },

  remove: async (id) => {
    await db.deleteFrom('workspace').where('id', '=', id).where('deletedAt', 'is not', null).execute();
  },
});

const toWorkspace = (row: Selectable<WorkspaceTable> | undefined): Workspace | undefined => {
  if (!row) return undefined;
  const { deletedAt: _, purgedAt: __, ...workspace } = row;
  return workspace;
};
