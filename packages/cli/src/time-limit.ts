/** What a timer can count, 24 days: of more it would make one millisecond. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Aborts when `signal` does, and after so many seconds where a number is given: see failure.ts for what is said then. */
export const timeLimited = (signal: AbortSignal, seconds: number | undefined): AbortSignal =>
  seconds === undefined
    ? signal
    : AbortSignal.any([signal, AbortSignal.timeout(Math.min(seconds * 1000, LONGEST_TIMER_MS))]);
