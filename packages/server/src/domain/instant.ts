import { parseTime } from './time.ts';

/**
 * A moment as whole microseconds since the Unix epoch (UTC). Microseconds, since that is what clients send back as a
 * cursor; an integer, since it sorts and compares alike in JavaScript, SQLite and PostgreSQL. Exact until the year 2255.
 */
export type Instant = number;

/** 2255-06-05. What is read of a later one stands for it: an integer beyond is not exact, and SQLite's are not read at all. */
export const LATEST: Instant = Number.MAX_SAFE_INTEGER;

/** Due by every clock, however far behind the one that wrote it down. */
export const AT_ONCE: Instant = 0;

export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** Zero where the clock that wrote `then` down was ahead of this one. */
export const secondsSince = (then: Instant, now: Instant): number => Math.max(0, now - then) / SECOND;

/** `2026-01-02T03:04:05.123456Z`, always six digits: the form every Python and JavaScript parser reads. */
export const formatInstant = (at: Instant): string => {
  const milliseconds = Math.floor(at / 1000);
  const rest = at - milliseconds * 1000;
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
};

const ISO_8601 = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:[.,](\d+))?\s*(?:Z|([+-]\d\d):?(\d\d))?)?$/i;

/**
 * Reads ISO 8601 with any offset; a time without one is UTC, a date alone its midnight. One before or after all instants
 * is the first or the last, and what is finer than a microsecond is dropped. Undefined where the text is no such time.
 */
export const parseInstant = (text: string): Instant | undefined => {
  const match = ISO_8601.exec(text.trim());
  if (!match) return undefined;
  const [, date, clock = '00:00', seconds = ':00', digits = '0', hours, minutes] = match;
  const zone = hours === undefined ? 'Z' : `${hours}:${minutes}`;
  const time = parseTime(`${date}T${clock}${seconds}.${digits}${zone}`);
  if (!time) return undefined;
  const instant = time.seconds * SECOND + Number(time.fraction.slice(0, 6).padEnd(6, '0'));
  return Math.min(Math.max(instant, -LATEST), LATEST);
};
