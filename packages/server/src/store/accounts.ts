import { type Kysely, type Selectable, sql } from 'kysely';
import type { Token, User } from '../domain/account.ts';
import type { AccountReader, AccountWriter } from '../service/ports.ts';
import { dialectOf } from './dialect-of.ts';
import { pageByCreation } from './paging.ts';
import type { AppUserTable, Database, TokenTable } from './schema.ts';

export const accountReader = (db: Kysely<Database>): AccountReader => ({
  organizations: () => db.selectFrom('organization').selectAll().orderBy('id').execute(),

  organization: (id) => db.selectFrom('organization').selectAll().where('id', '=', id).executeTakeFirst(),

  organizationByName: (name) =>
    db.selectFrom('organization').selectAll().where('name', '=', name).executeTakeFirst(),

  user: async (organizationId, id) => {
    const query = db.selectFrom('appUser').selectAll().where('organizationId', '=', organizationId);
    return toUser(await query.where('id', '=', id).executeTakeFirst());
  },

  userByEmail: async (organizationId, email) => {
    const query = db.selectFrom('appUser').selectAll().where('organizationId', '=', organizationId);
    return toUser(await query.where('email', '=', email).executeTakeFirst());
  },

  tokenByHash: async (hash) =>
    toToken(await db.selectFrom('token').selectAll().where('hash', '=', hash).executeTakeFirst()),

  token: async (organizationId, id) => {
    const query = db.selectFrom('token').selectAll().where('organizationId', '=', organizationId);
    return toToken(await query.where('id', '=', id).executeTakeFirst());
  },

  tokens: async (organizationId, { userId, ...page }) => {
    let matching = db
      .selectFrom('token')
      .where('organizationId', '=', organizationId)
      .where(dialectOf(db).inTime(sql`id`));
    if (userId !== undefined) matching = matching.where('userId', '=', userId);
    const rows = await pageByCreation<TokenTable>(matching, page, 'desc');
    return rows && { ...rows, rows: rows.rows.map((row) => toToken(row) as Token) };
  },
});

export const accountWriter = (db: Kysely<Database>): AccountWriter => ({
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
    await db
      .insertInto('token')
      .values({ ...token, workspaceIds })
      .execute();
  },

  deleteToken: async (organizationId, id) => {
    const result = await db
      .deleteFrom('token')
      .where('organizationId', '=', organizationId)
      .where('id', '=', id)
      .executeTakeFirst();
    return result.numDeletedRows > 0n;
  },
});

const toUser = (row: Selectable<AppUserTable> | undefined): User | undefined =>
  row && { ...row, deleted: row.deleted !== 0 };

const toToken = (row: Selectable<TokenTable> | undefined): Token | undefined =>
  row && {
    ...row,
    workspaceIds: row.workspaceIds === null ? null : (JSON.parse(row.workspaceIds) as string[]),
  };
