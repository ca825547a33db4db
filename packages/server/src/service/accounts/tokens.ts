import { randomBytes } from 'node:crypto';
import { type Permission, ROLE_PERMISSIONS, type Role } from '@sluice/contract';
import { administers, manages, permissionsOf, rolesUpTo } from '../../domain/accounts/access.ts';
import type { Principal, Token, User } from '../../domain/accounts/account.ts';
import { hashToken, TOKEN_BYTES, tokenFromBytes } from '../../domain/accounts/tokens.ts';
import { DomainError, invalid, notFound } from '../../domain/errors.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ServiceContext } from '../context.ts';
import type { PageRequest, Rows } from '../ports/paging.ts';
import type { WorkspaceReader } from '../ports/workspaces.ts';

export type TokenRequest = {
  name: string | null;
  expiresAt: Instant | null;
  personal: boolean;
  role: Role;
  /** Null for all that the role and the key that asks have. */
  permissions: readonly Permission[] | null;
  /** Names; null for every workspace within reach. */
  workspaces: readonly string[] | null;
};

/** A key with the person it belongs to, and the names of the workspaces it is limited to. */
export type TokenView = Token & { user: User; workspaceNames: string[] | null };

export type Tokens = ReturnType<typeof createTokens>;

export const createTokens = ({ store, clock, newId }: Pick<ServiceContext, 'store' | 'clock' | 'newId'>) => {
  /** With two queries, however many keys and workspaces there are. */
  const view = async (organizationId: string, tokens: readonly Token[]): Promise<TokenView[]> => {
    const userIds = tokens.map(({ userId }) => userId);
    const users = await store.read.accounts.users(organizationId, userIds);
    const names = await store.read.workspaces.names(tokens.flatMap(({ workspaceIds }) => workspaceIds ?? []));
    return tokens.map((token) => {
      const user = users.get(token.userId);
      if (!user) throw notFound('User');
      const workspaceNames = token.workspaceIds?.flatMap((id) => names.get(id) ?? []) ?? null;
      return { ...token, user, workspaceNames };
    });
  };

  return {
    /**
     * Makes a key; it is returned this once, only its hash is kept. Nobody makes one that may do more than the own, or
     * for longer: it expires when the own does, if not before.
     * @throws FORBIDDEN, INVALID, NOT_AUTHENTICATED where the own was deleted meanwhile
     */
    create: async (principal: Principal, request: TokenRequest): Promise<{ key: string; token: Token }> => {
      const { organization, token: maker } = principal;
      if (!rolesUpTo(maker.role).includes(request.role)) throw tooMuch(`the role ${request.role}`);
      if (!request.personal && !administers(principal)) throw tooMuch('a user of its own');
      const permissions = permissionsFor(maker, request);
      if (request.expiresAt !== null && request.expiresAt <= clock()) {
        throw invalid(['body', 'expires_at'], 'The time has passed already');
      }
      const key = tokenFromBytes(randomBytes(TOKEN_BYTES));
      const token = await store.write(async (tx) => {
        await tx.accounts.lockTokens(organization.id);
        if (!(await tx.accounts.token(organization.id, maker.id))) {
          throw new DomainError('NOT_AUTHENTICATED', 'The API key is not valid');
        }
        const workspaceIds = await workspacesFor(tx.workspaces, principal, request.workspaces);
        let userId = principal.user.id;
        if (!request.personal) {
          userId = newId();
          await tx.accounts.insertUser(serviceUser(userId, principal, request));
        }
        const made: Token = {
          id: newId(),
          organizationId: organization.id,
          userId,
          name: request.name,
          hash: hashToken(key),
          role: request.role,
          permissions,
          workspaceIds,
          createdAt: clock(),
          expiresAt: earlier(request.expiresAt, maker.expiresAt),
          createdByTokenId: maker.id,
          parentId: maker.id,
        };
        await tx.accounts.insertToken(made);
        return made;
      }, 'short');
      return { key, token };
    },

    /** The keys that the principal manages; what it does not is in no total and is no cursor. */
    list: async (principal: Principal, page: PageRequest): Promise<Rows<TokenView>> => {
      const own = administers(principal) ? {} : { userId: principal.user.id };
      const search = { ...page, ...own, within: principal.token };
      const found = await store.read.accounts.tokens(principal.organization.id, search);
      return { ...found, rows: await view(principal.organization.id, found.rows) };
    },

    /**
     * Resolves to how many went: with its children, all that descend from it.
     * @throws FORBIDDEN; NOT_FOUND, also for a key that the principal does not manage
     */
    delete: async (principal: Principal, id: string, withChildren: boolean): Promise<number> => {
      const { id: organizationId } = principal.organization;
      return store.write(async (tx) => {
        await tx.accounts.lockTokens(organizationId);
        const token = await tx.accounts.token(organizationId, id);
        if (!token || !manages(principal, token)) throw notFound('Token');
        return tx.accounts.deleteToken(organizationId, id, { withChildren });
      }, 'short');
    },
  };
};

const tooMuch = (what: string): DomainError =>
  new DomainError('FORBIDDEN', `A key cannot be given more than the key that makes it has: ${what}.`);

/** @throws INVALID where the role has one of them not, FORBIDDEN where the maker has not */
const permissionsFor = (
  maker: Token,
  { role, permissions }: Pick<TokenRequest, 'role' | 'permissions'>,
): Permission[] | null => {
  const ofRole = ROLE_PERMISSIONS[role];
  const ofMaker = permissionsOf(maker);
  if (permissions?.length === 0) {
    throw invalid(['body', 'permissions'], 'Name one at least; leave it out for all that the role has', []);
  }
  for (const [index, permission] of permissions?.entries() ?? []) {
    if (!ofRole.includes(permission)) {
      const message = `The role ${role} has no such permission; it has ${ofRole.join(', ')}`;
      throw invalid(['body', 'permissions', index], message, permission);
    }
    if (!ofMaker.includes(permission)) throw tooMuch(`the permission ${permission}`);
  }
  const given = ofRole.filter((one) => ofMaker.includes(one) && (permissions?.includes(one) ?? true));
  if (given.length === 0) throw tooMuch(`any permission of the role ${role}`);
  return given.length === ofRole.length ? null : given;
};

/** Ids, each once, in order. */
const workspacesFor = async (
  workspaces: WorkspaceReader,
  { organization, token: maker }: Principal,
  names: readonly string[] | null,
): Promise<string[] | null> => {
  if (names === null) return maker.workspaceIds;
  const found = await workspaces.byNames(organization.id, names);
  const reach = maker.workspaceIds && new Set(maker.workspaceIds);
  const ids = new Map(found.filter(({ id }) => reach?.has(id) ?? true).map(({ id, name }) => [name, id]));
  const unknown = names.findIndex((name) => !ids.has(name));
  if (unknown !== -1) {
    const message = 'There is no workspace of that name';
    throw invalid(['body', 'workspaces', unknown], message, names[unknown]);
  }
  return [...ids.values()].sort();
};

const earlier = (a: Instant | null, b: Instant | null): Instant | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

const serviceUser = (id: string, principal: Principal, request: TokenRequest): User => ({
  id,
  organizationId: principal.organization.id,
  givenName: 'Service',
  familyName: request.name ?? 'key',
  email: `${id}@service.invalid`,
  role: request.role,
  deleted: false,
});
