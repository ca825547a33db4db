import { type Selectable, type SqlBool, sql } from 'kysely';
import type { Workspace } from '../domain/workspace.ts';
import type { WorkspaceReader, WorkspaceWriter } from '../service/ports/workspaces.ts';
import type { Tables } from './dialect.ts';
import type { WorkspaceTable } from './schema.ts';

export const workspaceReader = ({ db, dialect }: Tables): WorkspaceReader => {
  const live = () => db.selectFrom('workspace').selectAll().where('deletedAt', 'is', null);
  const of = (organizationId: string) => live().where('organizationId', '=', organizationId);
  const isOneOf = (column: 'id' | 'name', values: readonly string[]) =>
    sql<SqlBool>`${sql.ref(column)} in ${dialect.listed([...new Set(values)])}`;
  return {
    byName: async (organizationId, name) => {
      const row = await of(organizationId).where('name', '=', name).executeTakeFirst();
      return row && toWorkspace(row);
    },

    byId: async (id) => {
      const row = await live().where('id', '=', id).executeTakeFirst();
      return row && toWorkspace(row);
    },

    byNames: async (organizationId, names) =>
      (await of(organizationId).where(isOneOf('name', names)).execute()).map(toWorkspace),

    names: async (ids) => {
      const rows = await live().clearSelect().select(['id', 'name']).where(isOneOf('id', ids)).execute();
      return new Map(rows.map(({ id, name }) => [id, name]));
    },

    all: async (organizationId) => (await of(organizationId).orderBy('name').execute()).map(toWorkspace),

    among: async (organizationId, ids) =>
      (await of(organizationId).where(isOneOf('id', ids)).orderBy('name').execute()).map(toWorkspace),

    count: async (organizationId) => {
      const { count } = await of(organizationId)
        .clearSelect()
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
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

export const workspaceWriter = ({ db, dialect }: Tables): WorkspaceWriter => ({
  // Whoever counts the workspaces of the organization after this sees them all: others wait for this transaction.
  insert: async (workspace) => {
    await dialect.lockRow(db, 'organization', workspace.organizationId);
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

const toWorkspace = ({ deletedAt: _, purgedAt: __, ...row }: Selectable<WorkspaceTable>): Workspace => row;
