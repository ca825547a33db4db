import type { FailureCause } from '../errors.ts';
import { Outage } from './outage.ts';

/** What an error of background work comes from, by itself or by what caused it; of several, the first that says. */
export const causeOf = (error: unknown): FailureCause => {
  for (const one of chainOf(error)) {
    if (one instanceof Outage) return one.blame;
    if (isOfDatabase(one)) return 'database';
    if (one instanceof Error && one.name === 'TimeoutError') return 'timeout';
  }
  return 'other';
};

/** An error, what it gathers, and what caused it. */
function* chainOf(error: unknown): Generator<unknown> {
  yield error;
  if (error instanceof AggregateError) for (const one of error.errors) yield* chainOf(one);
  if (error instanceof Error && error.cause !== undefined) yield* chainOf(error.cause);
}

/** As the drivers throw them where they speak of a statement, not of an outage: a lost permission, a damaged page. */
const isOfDatabase = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  (error.code === 'ERR_SQLITE_ERROR' || ('severity' in error && /^[0-9A-Z]{5}$/.test(error.code)));
