import { HOUR, type Instant, MINUTE } from '../domain/instant.ts';
import { createRecent } from './recent.ts';

/** What is counted: rows with a time later than `after`, and of those the ones with a time up to `settled`. */
export type CountedTimes = { after: Instant; settled: Instant; now: Instant };

/** Both counts, by the name of what was counted. */
export type Counted<Name extends string> = { all: Record<Name, number>; settled: Record<Name, number> };

/** Rows are never added with a time this long ago, however the clocks of processes differ. */
const MARGIN = 10 * MINUTE;

/** Counts kept; those unused longest go when there are more. */
const KEPT = 500;

/**
 * Counts of rows that only ever grow at the end of time. What was counted up to a while ago is kept, so that a count
 * costs what came since; all is counted anew now and then, since a deleted workspace takes its rows with it.
 */
export const createGrowingCounts = <Of, Name extends string>(
  count: (of: Of, times: CountedTimes) => Promise<Counted<Name>>,
) => {
  const kept = createRecent<{ since: Instant; until: Instant; counts: Record<Name, number> }>(KEPT);

  return async (of: Of, now: Instant): Promise<Record<Name, number>> => {
    const key = JSON.stringify(of);
    const known = kept.get(key);
    const base = known !== undefined && now - known.since < HOUR ? known : undefined;
    const after = base?.until ?? -1;
    const settled = Math.max(now - MARGIN, after);
    const counted = await count(of, { after, settled, now });
    const plus = (counts: Record<Name, number>): Record<Name, number> => {
      const sum = { ...counts };
      for (const name of Object.keys(sum) as Name[]) sum[name] += base?.counts[name] ?? 0;
      return sum;
    };
    kept.set(key, { since: base?.since ?? now, until: settled, counts: plus(counted.settled) });
    return plus(counted.all);
  };
};
