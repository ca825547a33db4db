/** Aborts when `signal` does, and after so many seconds where a number is given: see failure.ts for what is said then. */
export const timeLimited = (signal: AbortSignal, seconds: number | undefined): AbortSignal =>
  seconds === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]);
