import type { Permission, Role } from '@sluice/contract';
import type { Instant } from '../instant.ts';

/** Name of the organization that the first start makes: that of whoever runs the server. */
export const FIRST_ORGANIZATION = 'default';

export type Organization = { id: string; name: string; pricingPlan: number };

export type User = {
  id: string;
  organizationId: string;
  givenName: string;
  familyName: string;
  email: string;
  role: Role;
  deleted: boolean;
};

export type Token = {
  id: string;
  organizationId: string;
  userId: string;
  name: string | null;
  /** SHA-256 of the key, hex. The key itself is not kept. */
  hash: string;
  role: Role;
  /** Of those of its role, in their order; null for all of them. */
  permissions: Permission[] | null;
  /** Ids of the workspaces it reaches, each once, in order; null for all of the organization. */
  workspaceIds: string[] | null;
  createdAt: Instant;
  expiresAt: Instant | null;
  /** The key it was made with, which may be gone; null where none was. */
  createdByTokenId: string | null;
  /** The nearest key above it that is still there: whose children it goes with. */
  parentId: string | null;
};

/** Who a request speaks for. */
export type Principal = { token: Token; user: User; organization: Organization };
