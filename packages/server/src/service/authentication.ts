import type { Principal } from '../domain/account.ts';
import { hashToken } from '../domain/tokens.ts';
import type { Clock, Store } from './ports.ts';

/** Who a key speaks for; undefined for one that is unknown, expired or of a deleted user. */
export type Authenticate = (key: string) => Promise<Principal | undefined>;

export const createAuthenticate =
  ({ store, clock }: { store: Store; clock: Clock }): Authenticate =>
  async (key) => {
    const token = await store.read.accounts.tokenByHash(hashToken(key));
    if (!token || (token.expiresAt !== null && token.expiresAt <= clock())) return undefined;
    const [user, organization] = await Promise.all([
      store.read.accounts.user(token.organizationId, token.userId),
      store.read.accounts.organization(token.organizationId),
    ]);
    return user && !user.deleted && organization ? { token, user, organization } : undefined;
  };
