import { pause } from '../pause.ts';
import { parseRetryAfter, type RetryPolicy, retryDelayMs } from './retry-timing.ts';

/** What one try came to: done, or failed with whether another try may help. */
export type Attempt<T> = { done: T } | { failure: unknown; mayHelp: boolean; retryAfter?: string | null };

/** Tries until it is done, until trying again cannot help, or as often as the policy allows; then throws the failure. */
export const retrying = async <T>(
  policy: RetryPolicy,
  attempt: () => Promise<Attempt<T>>,
  signal?: AbortSignal,
): Promise<T> => {
  for (let failed = 1; ; failed++) {
    signal?.throwIfAborted();
    const outcome = await attempt();
    if ('done' in outcome) return outcome.done;
    const retryAfterMs = parseRetryAfter(outcome.retryAfter ?? null, Date.now());
    const delay = outcome.mayHelp ? retryDelayMs(policy, failed, Math.random(), retryAfterMs) : null;
    if (delay === null) throw outcome.failure;
    await pause(delay, signal);
  }
};
