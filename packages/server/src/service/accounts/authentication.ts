import { may } from '../../domain/accounts/access.ts';
import type { Principal } from '../../domain/accounts/account.ts';
import { hashToken } from '../../domain/accounts/tokens.ts';
import { isOutage } from '../../domain/failures/outage.ts';
import type { ServiceContext } from '../context.ts';
import type { Clock } from '../ports/clock.ts';
import { createRecent } from '../recent.ts';

/** Who a key speaks for; undefined for one that is unknown, expired or of a deleted user. */
export type Authenticate = (key: string) => Promise<Principal | undefined>;

export const createAuthenticate =
  ({ store, clock }: Pick<ServiceContext, 'store' | 'clock'>): Authenticate =>
  async (key) => {
    const token = await store.read.accounts.tokenByHash(hashToken(key));
    if (!token || (token.expiresAt !== null && token.expiresAt <= clock())) return undefined;
    const [user, organization] = await Promise.all([
      store.read.accounts.user(token.organizationId, token.userId),
      store.read.accounts.organization(token.organizationId),
    ]);
    return user && !user.deleted && organization ? { token, user, organization } : undefined;
  };

/** Keys that are remembered at most; one for each that reads metrics is enough. */
const MAX_REMEMBERED = 100;

/**
 * For what has to be seen above all while the database is away: a key that might read metrics the last time it could be
 * looked up is taken for right until it can be looked up again.
 */
export const rememberWhileAway = (authenticate: Authenticate, { clock }: { clock: Clock }): Authenticate => {
  const remembered = createRecent<Principal>(MAX_REMEMBERED);
  return async (key) => {
    const hash = hashToken(key);
    try {
      const principal = await authenticate(key);
      remembered.delete(hash);
      if (principal && may(principal, 'metrics')) remembered.set(hash, principal);
      return principal;
    } catch (error) {
      const principal = remembered.get(hash);
      if (!isOutage(error) || !principal) throw error;
      const { expiresAt } = principal.token;
      return expiresAt !== null && expiresAt <= clock() ? undefined : principal;
    }
  };
};
