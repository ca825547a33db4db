import type { FailureCause } from '../domain/errors.ts';
import { HOUR, type Instant, SECOND } from '../domain/instant.ts';
import type { Clock } from './ports/clock.ts';
import type { Job } from './ports/jobs.ts';

/** What works in the background: jobs by kind, the queue itself, the thread that writes objects. */
export type WorkKind = Job['kind'] | 'queue' | 'object_writer';

/** A kind of job that has come to nothing for a while: `seconds` since its first failure after its last success. */
export type FailingKind = { kind: Job['kind']; cause: FailureCause; seconds: number };

/** How long a kind of job fails without one success before it is said to be failing: some tries of one job. */
const PATIENCE = 30 * SECOND;

/** Between two lines of a log about the same: at first, and at most. */
const DISTANCE = { first: 10 * SECOND, most: HOUR };

type Telling = { next: Instant; distance: number; untold: number };

/**
 * Remembers what fails in this process: what is to be said in the log (the first time, then at growing distances, so
 * that an outage floods nothing), and whether a kind of work fails at everything.
 */
export const createFailingWork = (clock: Clock) => {
  const tellings = new Map<string, Telling>();
  const failing = new Map<WorkKind, { since: Instant; cause: FailureCause }>();
  const told = new WeakSet<object>();

  const isTold = (error: unknown): boolean => {
    if (!(error instanceof Error)) return false;
    if (told.has(error) || (error instanceof AggregateError && error.errors.every(isTold))) return true;
    return isTold(error.cause);
  };

  return {
    /** Whether an error is a new one, not one that was met before or only carries such. */
    isNew: (error: unknown): boolean => {
      if (isTold(error)) return false;
      if (error instanceof Error) told.add(error);
      return true;
    },

    failed: (kind: WorkKind, cause: FailureCause): void => {
      failing.set(kind, { since: failing.get(kind)?.since ?? clock(), cause });
    },

    succeeded: (kind: WorkKind): void => {
      if (!failing.delete(kind)) return;
      for (const key of tellings.keys()) if (key.startsWith(`${kind} `)) tellings.delete(key);
    },

    /** How many lines about the same were left out since the last; undefined where this one is to be left out as well. */
    isToBeTold: (kind: WorkKind, about: string): number | undefined => {
      const now = clock();
      const key = `${kind} ${about}`;
      const last = tellings.get(key);
      if (last !== undefined && now < last.next) {
        last.untold += 1;
        return undefined;
      }
      const distance = last === undefined ? DISTANCE.first : Math.min(last.distance * 2, DISTANCE.most);
      tellings.set(key, { next: now + distance, distance, untold: 0 });
      return last?.untold ?? 0;
    },

    /** The kinds of job of which none has succeeded for a while. */
    report: (): FailingKind[] => {
      const now = clock();
      return [...failing].flatMap(([kind, { since, cause }]) =>
        kind === 'queue' || kind === 'object_writer' || now - since < PATIENCE
          ? []
          : [{ kind, cause, seconds: Math.floor((now - since) / SECOND) }],
      );
    },
  };
};
