import { createHash } from 'node:crypto';
import type { Metadata } from './file.ts';
import type { Literal } from './odata/filter.ts';

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

/**
 * Every scalar in an object of metadata once, with its path: nested keys joined by dots, lists taken apart, so that each
 * element stands under the path of its list. Empty objects and lists leave nothing.
 */
export const indexEntries = (metadata: Metadata): MetadataEntry[] => {
  const entries = new Map<string, MetadataEntry>();
  const add = (path: string, scalar: Literal): void => {
    const whole = wholeForm(scalar);
    const value = cut(whole);
    // Any character may stand in either, so the length says where the path ends.
    entries.set(`${path.length} ${path}${value}`, { path, value, fullValue: value === whole ? null : whole });
  };
  const visit = (path: string, value: unknown): void => {
    if (isScalar(value)) add(indexedPath(path), value);
    else if (Array.isArray(value)) for (const element of value) visit(path, element);
    else for (const [key, item] of Object.entries(value ?? {})) visit(`${path}.${key}`, item);
  };
  for (const [key, value] of Object.entries(metadata)) visit(key, value);
  return [...entries.values()];
};

/** The path as the index has it: a very long one is cut, as values are. */
export const indexedPath = (path: string): string => cut(path);

/** The form of a value in the index. */
export const indexedValue = (value: Literal): string => cut(wholeForm(value));

/** The form of a value before it is cut. */
export const wholeForm = (value: Literal): string => {
  if (value === null) return TYPE_LETTERS.null;
  if (typeof value === 'boolean') return TYPE_LETTERS.boolean + (value ? '1' : '0');
  return typeof value === 'number' ? TYPE_LETTERS.number + sortableHex(value) : TYPE_LETTERS.string + value;
};

/** The longest beginning of a text that has at most that many bytes and ends at a character's end. */
export const firstBytes = (text: string, bytes: number): string => {
  const encoded = Buffer.from(text);
  if (encoded.length <= bytes) return text;
  let end = bytes;
  // UTF-8 (RFC 3629): a byte 10xxxxxx goes on with a character, so none may be cut off before one.
  while (((encoded[end] as number) & 0xc0) === 0x80) end -= 1;
  return encoded.toString('utf8', 0, end);
};

const isScalar = (value: unknown): value is Literal =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** Longer than what is not cut, so that no cut form equals an uncut one. */
const cut = (form: string): string => {
  // A UTF-16 unit is at most three bytes of UTF-8: short ones need no encoding to be measured.
  if (form.length * 3 <= INDEXED_BYTES || Buffer.byteLength(form) <= INDEXED_BYTES) return form;
  return firstBytes(form, INDEXED_BYTES) + createHash('sha256').update(form).digest('base64url');
};

/**
 * The bits of a double (IEEE 754), changed so that they sort like the numbers: of positive ones the sign bit is set, of
 * negative ones all bits are turned.
 */
const sortableHex = (number: number): string => {
  scratch.setFloat64(0, number + 0); // -0 + 0 is 0, which it equals
  const bits = scratch.getBigUint64(0);
  const sortable = bits >> 63n ? ~bits & ALL_BITS : bits | SIGN_BIT;
  return sortable.toString(16).padStart(16, '0');
};

const scratch = new DataView(new ArrayBuffer(8));
const SIGN_BIT = 1n << 63n;
const ALL_BITS = (1n << 64n) - 1n;
