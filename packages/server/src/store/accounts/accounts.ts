import type { Permission } from '@sluice/contract';
import { type Selectable, sql } from 'kysely';
import type { Token, User } from '../../domain/accounts/account.ts';
import type { AccountReader, AccountWriter } from '../../service/ports/accounts.ts';
import type { Tables } from '../dialect.ts';
import { pageByCreation } from '../paging.ts';
import type { AppUserTable, TokenTable } from '../schema.ts';
import { doesNoMoreThan, permissionsText } from './token-conditions.ts';

export const accountReader = ({ db, dialect }: Tables): AccountReader => ({
  organizations: () => db.selectFrom('organization').selectAll().orderBy('id').execute(),

  organization: (id) => db.selectFrom('organization').selectAll().where('id', '=', id).executeTakeFirst(),

  organizationByName: (name) =>
    db.selectFrom('organization').selectAll().where('name', '=', name).executeTakeFirst(),

  user: async (organizationId, id) => {
    const query = db.selectFrom('appUser').selectAll().where('organizationId', '=', organizationId);
    const row = await query.where('id', '=', id).executeTakeFirst();
    return row && toUser(row);
  },

  users: async (organizationId, ids) => {
    const found = await sql<Selectable<AppUserTable>>`
      select * from app_user where id in ${dialect.listed([...new Set(ids)])}
      and organization_id = ${organizationId}`.execute(db);
    return new Map(found.rows.map((row) => [row.id, toUser(row)]));
  },

  listUsers: async (organizationId, { id, includeDeleted, includeExternal, ...page }) => {
    let known = db
      .selectFrom('appUser')
      .where('organizationId', '=', organizationId)
      .where(dialect.inTime(sql`id`));
    if (id !== undefined) known = known.where('id', '=', id);
    let matching = known;
    if (!includeDeleted) matching = matching.where('deleted', '=', 0);
    if (!includeExternal) matching = matching.where('role', '<>', 'EXTERNAL');
    const of = { matching, known: [known], key: ['id'] } as const;
    const found = await pageByCreation<Selectable<AppUserTable>>(of, page, 'desc');
    return { ...found, rows: found.rows.map(toUser) };
  },

  userByEmail: async (organizationId, email) => {
    const query = db.selectFrom('appUser').selectAll().where('organizationId', '=', organizationId);
    const row = await query.where('email', '=', email).executeTakeFirst();
    return row && toUser(row);
  },

  tokenByHash: async (hash) => {
    const row = await db.selectFrom('token').selectAll().where('hash', '=', hash).executeTakeFirst();
    return row && toToken(row);
  },

  token: async (organizationId, id) => {
    const query = db.selectFrom('token').selectAll().where('organizationId', '=', organizationId);
    const row = await query.where('id', '=', id).executeTakeFirst();
    return row && toToken(row);
  },

  tokens: async (organizationId, { userId, within, ...page }) => {
    const seenOf = (table: 'token' | 'deletedToken') => {
      let seen = db
        .selectFrom(table)
        .where('organizationId', '=', organizationId)
        .where(dialect.inTime(sql`id`));
      if (userId !== undefined) seen = seen.where('userId', '=', userId);
      for (const condition of within ? doesNoMoreThan(dialect, within) : []) seen = seen.where(condition);
      return seen;
    };
    const matching = seenOf('token');
    const known = [matching, seenOf('deletedToken')];
    const rows = await pageByCreation<TokenTable>({ matching, known }, page, 'desc');
    return { ...rows, rows: rows.rows.map(toToken) };
  },
});

export const accountWriter = ({ db, dialect }: Tables): AccountWriter => ({
  insertOrganization: async (organization) => {
    const result = await db
      .insertInto('organization')
      .values(organization)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return result.numInsertedOrUpdatedRows === 1n;
  },

  insertUser: async (user) => {
    await db
      .insertInto('appUser')
      .values({ ...user, deleted: Number(user.deleted) })
      .execute();
  },

  insertToken: async (token) => {
    const workspaceIds = token.workspaceIds && JSON.stringify(token.workspaceIds);
    const permissions = token.permissions && permissionsText(token.permissions);
    await db
      .insertInto('token')
      .values({ ...token, workspaceIds, permissions })
      .execute();
  },

  lockTokens: (organizationId) => dialect.lockRow(db, 'organization', organizationId),

  deleteToken: async (organizationId, id, { withChildren = false } = {}) => {
    const key = sql`organization_id = ${organizationId} and id = ${id}`;
    const gone = withChildren
      ? sql`with recursive gone (id) as (
          select id from token where ${key}
          union select token.id from token join gone on token.parent_id = gone.id)`
      : sql`with gone (id) as (select id from token where ${key})`;
    await sql`
      insert into deleted_token (${KEPT_OF_TOKEN})
      ${gone} select ${KEPT_OF_TOKEN} from token where id in (select id from gone)
      on conflict (id) do nothing`.execute(db);
    if (!withChildren) {
      await sql`update token set parent_id = (select parent_id from token where ${key})
        where parent_id = (select id from token where ${key})`.execute(db);
    }
    const { numAffectedRows } = await sql`
      ${gone} delete from token where id in (select id from gone)`.execute(db);
    return Number(numAffectedRows);
  },
});

const KEPT_OF_TOKEN = sql.raw(
  'id, organization_id, user_id, role, permissions, workspace_ids, created_at, expires_at',
);

const toUser = (row: Selectable<AppUserTable>): User => ({ ...row, deleted: row.deleted !== 0 });

const toToken = (row: Selectable<TokenTable>): Token => ({
  ...row,
  workspaceIds: row.workspaceIds === null ? null : (JSON.parse(row.workspaceIds) as string[]),
  permissions: row.permissions === null ? null : (JSON.parse(row.permissions) as Permission[]),
});
