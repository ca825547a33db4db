/** How often something is tried, and how long the pauses between are. */
export type RetryPolicy = {
  /** Tries in all, the first one included. */
  attempts: number;
  /** Milliseconds before the second try; every further pause is twice the one before, up to `maxDelayMs`. */
  firstDelayMs: number;
  maxDelayMs: number;
  /** A Retry-After beyond this is not waited for: the failure is reported instead. */
  maxRetryAfterMs: number;
};

export const RETRY_POLICY: RetryPolicy = {
  attempts: 5,
  firstDelayMs: 500,
  maxDelayMs: 30_000,
  maxRetryAfterMs: 120_000,
};

/**
 * Milliseconds until the next try, or null for none. The upper half of a pause is random, so that clients that
 * failed together do not come back together; a Retry-After is never undercut.
 * @param failed tries that have failed, from 1
 * @param random from 0 to 1
 */
export const retryDelayMs = (
  policy: RetryPolicy,
  failed: number,
  random: number,
  retryAfterMs: number | null,
): number | null => {
  if (failed >= policy.attempts) return null;
  if (retryAfterMs !== null && retryAfterMs > policy.maxRetryAfterMs) return null;
  const pause = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (failed - 1));
  const spread = (pause / 2) * random;
  return retryAfterMs === null ? pause / 2 + spread : retryAfterMs + spread;
};

/** Reads Retry-After: seconds, or an HTTP date (RFC 9110 10.2.3). Null where there is none or it says nothing. */
export const parseRetryAfter = (value: string | null, now: number): number | null => {
  const text = value?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  if (!/^[A-Za-z]{3,9}, /.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
};

/** Statuses that speak of the moment, not of the request. */
export const isPassing = (status: number): boolean => PASSING.has(status);

const PASSING = new Set([408, 429, 500, 502, 503, 504]);
