import { randomBytes } from 'node:crypto';
import { ROLES, type Role } from '@sluice/contract';
import { may } from '../domain/access.ts';
import type { Principal, Token, User } from '../domain/account.ts';
import { DomainError, invalid, notFound } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import { hashToken, TOKEN_BYTES, tokenFromBytes } from '../domain/tokens.ts';
import type { Clock, NewId, PageRequest, Rows, Store } from './ports.ts';

export type TokenRequest = {
  name: string | null;
  expiresAt: Instant | null;
  personal: boolean;
  role: Role;
  /** Names; null for every workspace. */
  workspaces: string[] | null;
};

/** A key with the person it belongs to, and the names of the workspaces it is limited to. */
export type TokenView = Token & { user: User; workspaceNames: string[] | null };

export type Tokens = ReturnType<typeof createTokens>;

export const createTokens = ({ store, clock, newId }: { store: Store; clock: Clock; newId: NewId }) => {
  const view = async (token: Token): Promise<TokenView> => {
    const user = await store.read.accounts.user(token.organizationId, token.userId);
    if (!user) throw notFound('User');
    if (token.workspaceIds === null) return { ...token, user, workspaceNames: null };
    const workspaces = await Promise.all(token.workspaceIds.map((id) => store.read.workspaces.byId(id)));
    return { ...token, user, workspaceNames: workspaces.flatMap((workspace) => workspace?.name ?? []) };
  };

  return {
    /**
     * Makes a key; it is returned this once, only its hash is kept. Nobody makes one that may do more than the own.
     * @throws FORBIDDEN, INVALID
     */
    create: async (principal: Principal, request: TokenRequest): Promise<{ key: string; token: Token }> => {
      const administers = may(principal, 'administer');
      if (!administers && (!request.personal || rank(request.role) > rank(principal.token.role))) {
        throw new DomainError('FORBIDDEN', 'A key cannot be given more than the key that makes it has.');
      }
      if (request.expiresAt !== null && request.expiresAt <= clock()) {
        throw invalid(['body', 'expires_at'], 'The time has passed already');
      }
      const key = tokenFromBytes(randomBytes(TOKEN_BYTES));
      const token = await store.write(async (tx) => {
        let workspaceIds = principal.token.workspaceIds;
        if (request.workspaces !== null) {
          workspaceIds = [];
          for (const [index, name] of request.workspaces.entries()) {
            const workspace = await tx.workspaces.byName(principal.organization.id, name);
            if (!workspace || principal.token.workspaceIds?.includes(workspace.id) === false) {
              throw invalid(['body', 'workspaces', index], 'There is no workspace of that name', name);
            }
            workspaceIds.push(workspace.id);
          }
        }
        let userId = principal.user.id;
        if (!request.personal) {
          userId = newId();
          await tx.accounts.insertUser(serviceUser(userId, principal, request));
        }
        const made: Token = {
          id: newId(),
          organizationId: principal.organization.id,
          userId,
          name: request.name,
          hash: hashToken(key),
          role: request.role,
          workspaceIds,
          createdAt: clock(),
          expiresAt: request.expiresAt,
        };
        await tx.accounts.insertToken(made);
        return made;
      });
      return { key, token };
    },

    /** The keys of the organisation for its administrators, the own ones for others. Undefined: unknown cursor. */
    list: async (principal: Principal, page: PageRequest): Promise<Rows<TokenView>> => {
      const own = may(principal, 'administer') ? {} : { userId: principal.user.id };
      const found = await store.read.accounts.tokens(principal.organization.id, { ...page, ...own });
      if (!found)
        throw invalid(
          ['query', page.before === null ? 'after' : 'before'],
          'No row of this list has that id',
        );
      return { ...found, rows: await Promise.all(found.rows.map(view)) };
    },

    /** @throws NOT_FOUND, also for a key of somebody else that the principal may not see */
    delete: async (principal: Principal, id: string): Promise<void> => {
      const token = await store.read.accounts.token(principal.organization.id, id);
      const visible = token && (may(principal, 'administer') || token.userId === principal.user.id);
      if (!visible) throw notFound('Token');
      await store.write((tx) => tx.accounts.deleteToken(principal.organization.id, id));
    },
  };
};

const rank = (role: Role): number => ROLES.length - ROLES.indexOf(role);

const serviceUser = (id: string, principal: Principal, request: TokenRequest): User => ({
  id,
  organizationId: principal.organization.id,
  givenName: 'Service',
  familyName: request.name ?? 'key',
  email: `${id}@service.invalid`,
  role: request.role,
  deleted: false,
});
