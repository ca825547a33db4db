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

const ISO =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d{1,9}))?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * Reads ISO 8601 with any offset; a time without one is UTC. One before or after all instants is the first or the last.
 * Undefined where the text is no such time.
 */
export const parseInstant = (text: string): Instant | undefined => {
  const match = ISO.exec(text.trim());
  if (!match) return undefined;
  const [, date, time = '00:00', fraction = '', offset = 'Z'] = match;
  const zone = /^z$/i.test(offset) ? 'Z' : offset.replace(/^(.\d\d):?/, '$1:');
  const milliseconds = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}${zone}`);
  if (Number.isNaN(milliseconds)) return undefined;
  const instant = milliseconds * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
  return Math.min(Math.max(instant, -LATEST), LATEST);
};
