import { parseTime } from '../../domain/time.ts';
import { type Kind, type Refused, refuse } from './problems.ts';

/**
 * A time in ISO 8601 with any offset (none is taken for UTC), a bare date, or a Unix timestamp as number or text: seconds,
 * or milliseconds where beyond 2e10. The result is UTC with six digits and `Z`, in the years 0001 to 9999; what is finer
 * than a microsecond is dropped. The reasons are those of the Rust crate `speedate` as pydantic 2.13 passes them on.
 */
export const dateTimeKind: Kind = (input) => {
  if (typeof input === 'number') {
    const moment = fromTimestamp(input);
    return typeof moment === 'string' ? refuseTime(moment, input) : format(moment, input);
  }
  if (typeof input !== 'string') return refuse('datetime_type', SHOULD_BE, input);
  if (input.length > LONGEST) return refuseDate('unexpected extra characters at the end of the input', input);
  const moment = fromIso(input) ?? fromTimestampText(input) ?? dateError(input);
  return typeof moment === 'string' ? refuseDate(moment, input) : format(moment, input);
};

const SHOULD_BE = 'Input should be a valid datetime';

/** Characters of a time with more digits than anybody has. */
const LONGEST = 64;

const refuseTime = (error: string, input: unknown): Refused =>
  refuse('datetime_parsing', `${SHOULD_BE}, ${error}`, input, { error });

/** A text that is no time is read again as a date, so that its problem is the problem of a date. */
const refuseDate = (error: string, input: unknown): Refused =>
  refuse('datetime_from_date_parsing', `${SHOULD_BE} or date, ${error}`, input, { error });

/** Milliseconds since the epoch and the microseconds beyond them. */
type Moment = { milliseconds: number; microseconds: number };

const format = ({ milliseconds, microseconds }: Moment, input: unknown): string | Refused => {
  const time = new Date(milliseconds);
  const year = time.getUTCFullYear();
  if (year < 1 || year > 9999) return refuseTime(`year ${year} is out of range`, input);
  return `${time.toISOString().slice(0, -1)}${String(microseconds).padStart(3, '0')}Z`;
};

// ------------------------------------------------------------------------------------------------- ISO 8601

const ISO = new RegExp(
  '^(\\d{4}-\\d{2}-\\d{2})(?:[Tt _](\\d{2}:\\d{2})(?:(:\\d{2})(?:[.,](\\d+))?)?' +
    '(?:[Zz]|([+\\-\u2212])(\\d{2}):?(\\d{2}))?)?$',
);

const fromIso = (text: string): Moment | undefined => {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [, date, clock = '00:00', seconds = ':00', digits = '0', sign, hours, minutes] = match;
  const zone = sign === undefined ? 'Z' : `${sign === '+' ? '+' : '-'}${hours}:${minutes}`;
  const time = parseTime(`${date}T${clock}${seconds}.${digits}${zone}`);
  if (!time) return undefined;
  const fraction = time.fraction.padEnd(6, '0');
  return {
    milliseconds: time.seconds * 1000 + Number(fraction.slice(0, 3)),
    microseconds: Number(fraction.slice(3, 6)),
  };
};

const DATE_SHAPE = ['year', 'year', 'year', 'year', '-', 'month', 'month', '-', 'day', 'day'];

/** Why a text does not start with a date, or what is wrong with it if it does. */
const dateError = (text: string): string => {
  if (Buffer.byteLength(text) < DATE_SHAPE.length) return 'input is too short';
  for (const [at, part] of DATE_SHAPE.entries()) {
    const char = text.charAt(at);
    if (part === '-' && char !== '-') return 'invalid date separator, expected `-`';
    if (part !== '-' && !/\d/.test(char)) return `invalid character in ${part}`;
  }
  const month = Number(text.slice(5, 7));
  if (month < 1 || month > 12) return 'month value is outside expected range of 1-12';
  if (!parseTime(`${text.slice(0, 10)}T00:00:00Z`)) return 'day value is outside expected range';
  return 'unexpected extra characters at the end of the input';
};

// ------------------------------------------------------------------------------------------ Unix timestamps

/** An integer that 64 bits hold, or a float that has a point. */
const TIMESTAMP = /^[+-]?(?:\d{1,18}|(?:\d+\.\d*|\.\d+)(?:[eE][+-]?\d+)?)$/;

/** A larger number is of milliseconds. */
const WATERSHED = 2e10;

const FIRST = Date.parse('0000-01-01T00:00:00Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

const fromTimestamp = (timestamp: number): Moment | string => {
  const [perUnit, microsecondsPerUnit] = Math.abs(timestamp) > WATERSHED ? [1, 1e3] : [1000, 1e6];
  const units = Math.floor(timestamp);
  if (units * perUnit < FIRST) return 'dates before 0000 are not supported as unix timestamps';
  if (units * perUnit > LAST) return 'dates after 9999 are not supported as unix timestamps';
  const rest = Math.round((timestamp - units) * microsecondsPerUnit);
  return { milliseconds: units * perUnit + Math.floor(rest / 1000), microseconds: rest % 1000 };
};

const fromTimestampText = (text: string): Moment | string | undefined =>
  TIMESTAMP.test(text) ? fromTimestamp(Number(text)) : undefined;
