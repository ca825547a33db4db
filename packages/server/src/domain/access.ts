import type { Role } from '@sluice/contract';
import type { Principal } from './account.ts';
import type { Workspace } from './workspace.ts';

/** What a route lets its caller do. */
export type Permission =
  | 'read' // files, sessions and workspaces within reach
  | 'write' // files and sessions within reach, own keys
  | 'administer'; // workspaces, keys of others

const PERMISSIONS: Record<Role, readonly Permission[]> = {
  ADMIN: ['read', 'write', 'administer'],
  MEMBER: ['read', 'write'],
  EXTERNAL: ['read'],
};

export const may = (principal: Principal, permission: Permission): boolean =>
  PERMISSIONS[principal.token.role].includes(permission);

/** A key reaches workspaces of its organisation: all of them, or those it was limited to. */
export const reaches = (principal: Principal, workspace: Workspace): boolean =>
  workspace.organizationId === principal.organization.id &&
  (principal.token.workspaceIds === null || principal.token.workspaceIds.includes(workspace.id));
