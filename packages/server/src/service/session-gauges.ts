import type { Instant } from '../domain/instant.ts';
import { createGrowingCounts } from './growing-counts.ts';
import type { SessionGauges, SessionReader } from './ports/sessions.ts';

/** Sessions by state over all workspaces, and what waits. Those of a deleted workspace may be told for an hour more. */
export type SessionsNow = Pick<SessionGauges, 'open' | 'awaitingIngestion' | 'oldestAwaiting'> &
  Record<'closed' | 'expired', number>;

/** What a look costs grows with what is new and with what waits, not with all sessions there ever were. */
export const createSessionGauges = (sessions: Pick<SessionReader, 'gauges'>) => {
  let latest: SessionGauges | undefined;
  const count = createGrowingCounts(async (_of: null, times) => {
    latest = await sessions.gauges(times);
    return latest;
  });
  return async (now: Instant): Promise<SessionsNow> => {
    const { closed, expired } = await count(null, now);
    const { open, awaitingIngestion, oldestAwaiting } = latest as SessionGauges;
    return { open, closed, expired, awaitingIngestion, oldestAwaiting };
  };
};
