import type { Role } from '@sluice/contract';
import type { Instant } from './instant.ts';

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
  /** Ids of the workspaces it reaches; null for all of the organisation. */
  workspaceIds: string[] | null;
  createdAt: Instant;
  expiresAt: Instant | null;
};

/** Who a request speaks for. */
export type Principal = { token: Token; user: User; organization: Organization };
