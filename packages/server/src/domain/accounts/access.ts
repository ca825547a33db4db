import { PERMISSIONS, type Permission, ROLE_PERMISSIONS, ROLES, type Role } from '@sluice/contract';
import type { Workspace } from '../workspace.ts';
import { FIRST_ORGANIZATION, type Principal, type Token } from './account.ts';

/** What routes ask of their caller, each with the permissions of which one is enough. */
const ENOUGH = {
  any: PERMISSIONS,
  'sessions:read': ['sessions:write', 'files:read'],
  'sessions:write': ['sessions:write'],
  'files:read': ['files:read'],
  'files:write': ['files:write'],
  'keys:read': ['files:read', 'files:write', 'admin'],
  'keys:write': ['files:write', 'admin'],
  'workspaces:create': ['admin'],
  'workspaces:delete': ['admin'],
  metrics: ['admin'],
} as const satisfies Record<string, readonly Permission[]>;

export type Asked = keyof typeof ENOUGH;

/** What is no affair of one workspace, and so of no key that is limited to some. */
const WHOLE: ReadonlySet<Asked> = new Set(['workspaces:create', 'metrics']);

/** What decides how much a key can do. */
export type Powers = Pick<Token, 'role' | 'permissions' | 'workspaceIds' | 'expiresAt'>;

/** In the order of PERMISSIONS. */
export const permissionsOf = ({ role, permissions }: Pick<Powers, 'role' | 'permissions'>): Permission[] =>
  ROLE_PERMISSIONS[role].filter((permission) => permissions?.includes(permission) ?? true);

export const may = ({ token, organization }: Principal, asked: Asked): boolean => {
  const enough: readonly Permission[] = ENOUGH[asked];
  if (!permissionsOf(token).some((permission) => enough.includes(permission))) return false;
  if (WHOLE.has(asked) && token.workspaceIds !== null) return false;
  // They tell of all organizations.
  return asked !== 'metrics' || organization.name === FIRST_ORGANIZATION;
};

/** What a key has to have for that, in words. */
export const wantedFor = (asked: Asked): string =>
  `${ENOUGH[asked].join(' or ')}${WHOLE.has(asked) ? ', and no limit to some workspaces' : ''}`;

export const administers = ({ token }: Principal): boolean => permissionsOf(token).includes('admin');

/** A key reaches workspaces of its organization: all of them, or those it was limited to. */
export const reaches = (principal: Principal, workspace: Workspace): boolean =>
  workspace.organizationId === principal.organization.id &&
  (principal.token.workspaceIds === null || principal.token.workspaceIds.includes(workspace.id));

/** The key whose upload sessions are all that is seen of them; undefined where all of a workspace are. */
export const sessionsOnlyOf = ({ token }: Principal): string | undefined =>
  permissionsOf(token).includes('files:read') ? undefined : token.id;

/** Everybody sees the own user; others are seen by who reads, or administers, all of the organization. */
export const seesUser = (principal: Principal, id: string): boolean =>
  id === principal.user.id || seesUsers(principal);

/** Whether all users of the organization are seen. */
export const seesUsers = ({ token }: Principal): boolean =>
  token.workspaceIds === null &&
  permissionsOf(token).some((permission) => permission === 'files:read' || permission === 'admin');

/** Roles that admit no more than this one. */
export const rolesUpTo = (role: Role): readonly Role[] => ROLES.slice(ROLES.indexOf(role));

/** Whether a key can do no more than another: in role, permissions, workspaces and time. */
export const doesNoMore = (key: Powers, than: Powers): boolean =>
  rolesUpTo(than.role).includes(key.role) &&
  isWithin(permissionsOf(key), permissionsOf(than)) &&
  (than.workspaceIds === null ||
    (key.workspaceIds !== null && isWithin(key.workspaceIds, than.workspaceIds))) &&
  (than.expiresAt === null || (key.expiresAt !== null && key.expiresAt <= than.expiresAt));

/** Whether a key may list and delete another: one that does no more than it, of its user or for an administrator. */
export const manages = (principal: Principal, key: Token): boolean =>
  (administers(principal) || key.userId === principal.user.id) && doesNoMore(key, principal.token);

const isWithin = <T>(some: readonly T[], all: readonly T[]): boolean =>
  new Set(some).isSubsetOf(new Set(all));
