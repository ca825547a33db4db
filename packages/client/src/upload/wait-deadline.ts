import { LONGEST_TIMER_MS } from '../pause.ts';

/** How long answers may take beyond the deadline, so that even the shortest wait is told how far things are. */
const LAST_ANSWER_MS = 10_000;

/** Until when something is waited for, over however many requests that takes. */
export type WaitDeadline = {
  leftMs(): number;
  /** For the requests: ends those that are still under way soon after the deadline, and all when the caller aborts. */
  signal: AbortSignal;
  /** Whether it was the deadline that ended them. */
  hasEndedRequests(): boolean;
  /** To be called once nobody waits any more. */
  clear(): void;
};

export const waitDeadline = (timeoutMs: number, signal?: AbortSignal): WaitDeadline => {
  const at = performance.now() + timeoutMs;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), Math.min(timeoutMs + LAST_ANSWER_MS, LONGEST_TIMER_MS));
  return {
    leftMs: () => at - performance.now(),
    signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
    hasEndedRequests: () => late.signal.aborted && !signal?.aborted,
    clear: () => clearTimeout(timer),
  };
};
