import { createHash } from 'node:crypto';
import type { Metadata } from '../file.ts';
import { distanceFromDouble, doubleOf, isJsonNumber, isRawNumber, type JsonNumber } from '../json/numbers.ts';
import { parseTime, type Time } from '../time.ts';

/** What stands in metadata under a path. */
export type Scalar = string | JsonNumber | boolean | null;

/**
 * A scalar of some metadata as it is searched.
 *
 * `value` is the scalar as text: a letter for its type, then a form whose byte order is the order of the values. Texts
 * of more than `INDEXED_BYTES` are cut there and end in a hash of the whole, since a row of a B-tree has to stay small
 * (2,704 bytes in PostgreSQL): equal values still have equal forms, and only those. `fullValue` is the uncut form of a
 * value that was cut, else null.
 */
export type MetadataEntry = { path: string; value: string; fullValue: string | null };

/** Longest text, and longest path, that stands in the index whole; UTF-8 bytes. */
export const INDEXED_BYTES = 256;

/** The letter that the form of a value begins with, by the JSON type of the value. */
export const TYPE_LETTERS = { boolean: 'b', number: 'n', string: 's', null: 'z' } as const;
export type ScalarType = keyof typeof TYPE_LETTERS;

/** That of the second entry which a text has that says a time; no JSON type of its own. */
export const TIME_LETTER = 't';

/** Raised when forms change: files whose entries are of an earlier version get new ones, in steps, after an upgrade. */
export const INDEX_VERSION = 1;

/**
 * Every scalar in an object of metadata once, with its path: nested keys joined by dots, lists taken apart, so that each
 * element stands under the path of its list. A text that says a time has an entry as such besides. Empty objects and
 * lists leave nothing.
 */
export const indexEntries = (metadata: Metadata): MetadataEntry[] => {
  const entries = new Map<string, MetadataEntry>();
  const add = (path: string, scalar: Scalar | Time): void => {
    const whole = wholeForm(scalar);
    const value = cut(whole);
    // Any character may stand in either, so the length says where the path ends.
    entries.set(`${path.length} ${path}${value}`, { path, value, fullValue: value === whole ? null : whole });
  };
  const visit = (path: string, value: unknown): void => {
    if (isScalar(value)) {
      add(indexedPath(path), value);
      const time = typeof value === 'string' ? timeOf(value) : undefined;
      if (time) add(indexedPath(path), time);
    } else if (Array.isArray(value)) for (const element of value) visit(path, element);
    else for (const [key, item] of Object.entries(value ?? {})) visit(`${path}.${key}`, item);
  };
  for (const [key, value] of Object.entries(metadata)) visit(key, value);
  return [...entries.values()];
};

/** The path as the index has it: a very long one is cut, as values are. */
export const indexedPath = (path: string): string => cut(path);

/**
 * The time that a text says: RFC 3339 with its zone, or a date alone, which is its midnight in UTC. Undefined where it
 * says none.
 */
export const timeOf = (text: string): Time | undefined => {
  if (text.charCodeAt(4) !== HYPHEN) return undefined;
  return parseTime(text.length === 10 ? `${text}T00:00:00Z` : text);
};

/** The form of a value in the index. */
export const indexedValue = (value: Scalar | Time): string => cut(wholeForm(value));

/** The form of a value before it is cut. */
export const wholeForm = (value: Scalar | Time): string => {
  if (value === null) return TYPE_LETTERS.null;
  if (typeof value === 'boolean') return TYPE_LETTERS.boolean + (value ? '1' : '0');
  if (typeof value === 'string') return TYPE_LETTERS.string + value;
  return isJsonNumber(value) ? TYPE_LETTERS.number + numberForm(value) : TIME_LETTER + timeForm(value);
};

/** Whether forms of a value were others in version 0: times had none, and doubles stood for numbers from 2^53 on. */
export const isNewForm = (form: string): boolean =>
  form.startsWith(TIME_LETTER) || (form.startsWith(TYPE_LETTERS.number) && form.length > 1 + DOUBLE_DIGITS);

/** The longest beginning of a text that has at most that many bytes and ends at a character's end. */
export const firstBytes = (text: string, bytes: number): string => {
  const encoded = Buffer.from(text);
  if (encoded.length <= bytes) return text;
  let end = bytes;
  // UTF-8 (RFC 3629): a byte 10xxxxxx goes on with a character, so none may be cut off before one.
  while (((encoded[end] as number) & 0xc0) === 0x80) end -= 1;
  return encoded.toString('utf8', 0, end);
};

const isScalar = (value: unknown): value is Scalar =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value) || isRawNumber(value);

/** Longer than what is not cut, so that no cut form equals an uncut one. */
const cut = (form: string): string => {
  // A UTF-16 unit is at most three bytes of UTF-8: short ones need no encoding to be measured.
  if (form.length * 3 <= INDEXED_BYTES || Buffer.byteLength(form) <= INDEXED_BYTES) return form;
  return firstBytes(form, INDEXED_BYTES) + createHash('sha256').update(form).digest('base64url');
};

/**
 * A number's double, then, where doubles leave whole numbers out, how far it is from that one: all distances have the same
 * number of digits, and none is below zero once the greatest has been added.
 */
const numberForm = (number: JsonNumber): string => {
  const distance = distanceFromDouble(number);
  const double = sortableHex(doubleOf(number));
  return distance === undefined
    ? double
    : double + (distance + MOST_DISTANT).toString(16).padStart(DISTANCE_DIGITS, '0');
};

/** More than half of what is between two doubles below 10^40. */
const MOST_DISTANT = 1n << 80n;
const DISTANCE_DIGITS = 21;

/**
 * The bits of a double (IEEE 754), changed so that they sort like the numbers: of positive ones the sign bit is set, of
 * negative ones all bits are turned.
 */
const sortableHex = (double: number): string => {
  scratch.setFloat64(0, double + 0); // -0 + 0 is 0, which it equals
  const bits = scratch.getBigUint64(0);
  const sortable = bits >> 63n ? ~bits & ALL_BITS : bits | SIGN_BIT;
  return sortable.toString(16).padStart(DOUBLE_DIGITS, '0');
};

const DOUBLE_DIGITS = 16;
const scratch = new DataView(new ArrayBuffer(8));
const SIGN_BIT = 1n << 63n;
const ALL_BITS = (1n << 64n) - 1n;

/** Seconds since the day before the year 0000, so that none is below zero in any zone, then the fraction. */
const timeForm = ({ seconds, fraction }: Time): string =>
  `${String(seconds + SECONDS_BEFORE_1970).padStart(12, '0')}.${fraction}`;

const SECONDS_BEFORE_1970 = 62_167_305_600;

const HYPHEN = 0x2d;
