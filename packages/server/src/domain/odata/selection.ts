import {
  firstBytes,
  INDEXED_BYTES,
  indexedValue,
  isNewForm,
  TYPE_LETTERS,
  wholeForm,
} from '../metadata/metadata-index.ts';
import type { Filter, Leaf, Sought, TextFunction } from './filter.ts';

/** Forms from `min` up to `max`; each end belongs to it or does not. */
export type FormRange = { min: string; withMin: boolean; max: string; withMax: boolean };

/**
 * Which values in the metadata index a comparison is true for, in terms of `metadata-index.ts`: some forms, or a range
 * of them. `whole` is asked of the uncut form where the indexed one, which may be cut, cannot tell.
 */
export type Selection =
  | { kind: 'points'; values: string[] }
  | { kind: 'range'; range: FormRange; whole: WholeTest | null };

export type WholeTest = { kind: 'range'; range: FormRange } | { kind: 'contains' | 'endswith'; text: string };

/** What a leaf over metadata selects; of `ne`, what `eq` would: it is true where that is not. */
export const selectionOf = (leaf: Leaf): Selection => {
  if (leaf.kind === 'in') return { kind: 'points', values: [...new Set(leaf.values.map(indexedValue))] };
  if (leaf.kind === 'text') return textSelection(leaf.function, leaf.value);
  const { operator, value } = leaf;
  if (operator === 'eq' || operator === 'ne') return { kind: 'points', values: [indexedValue(value)] };
  const form = wholeForm(value);
  const all = ofType(value);
  if (operator === 'gt' || operator === 'ge') {
    return ranged({ ...all, min: form, withMin: operator === 'ge' });
  }
  return ranged({ ...all, max: form, withMax: operator === 'le' });
};

/** Whether a leaf is true for files that do not have the key at all. */
export const selectsAbsent = (leaf: Leaf): boolean =>
  (leaf.kind === 'in' && leaf.values.includes(null)) || (leaf.kind === 'compare' && leaf.value === null);

/**
 * Whether a filter asks for forms that entries of version 0 do not have, so that it says nothing of files which have such
 * entries still.
 */
export const asksForNewForms = (filter: Filter): boolean => {
  if (filter.kind === 'and' || filter.kind === 'or') return filter.of.some(asksForNewForms);
  if (filter.kind === 'not') return asksForNewForms(filter.of);
  if (filter.property.of === 'file' || filter.kind === 'text') return false;
  const values = filter.kind === 'in' ? filter.values : [filter.value];
  return values.some((value) => isNewForm(wholeForm(value)));
};

/** The range of texts that begin with one; null where nothing sorts behind them. */
export const prefixRange = (prefix: string): { min: string; max: string | null } => {
  const characters = [...prefix];
  while (characters.length > 0) {
    const code = (characters.pop() as string).codePointAt(0) as number;
    // The order of UTF-8 bytes is that of code points; U+D800 to U+DFFF are no characters of their own.
    const next = code + 1 === 0xd800 ? 0xe000 : code + 1;
    if (next <= 0x10ffff) return { min: prefix, max: characters.join('') + String.fromCodePoint(next) };
  }
  return { min: prefix, max: null };
};

const textSelection = (name: TextFunction, text: string): Selection => {
  if (name === 'startswith') {
    const { min, max } = prefixRange(wholeForm(text));
    return ranged({ min, withMin: true, max: max as string, withMax: false });
  }
  return { kind: 'range', range: ofType(text), whole: { kind: name, text } };
};

/** All forms of the type of a value: those that begin with its letter. */
const ofType = (value: Sought): FormRange => {
  const letter = wholeForm(value).charAt(0);
  return { min: letter, withMin: true, max: nextLetter(letter), withMax: false };
};

const nextLetter = (letter: string): string => String.fromCharCode(letter.charCodeAt(0) + 1);

/**
 * A bound of at most this length is shorter than the part of a cut form that is text (up to three bytes may be missing
 * from it, so as not to split a character): comparing with it never gets as far as the hash.
 */
const BOUND_BYTES = INDEXED_BYTES - 4;

const ranged = (range: FormRange): Selection => {
  const isLong = (form: string) => Buffer.byteLength(form) > BOUND_BYTES;
  if (!isLong(range.min) && !isLong(range.max)) return { kind: 'range', range, whole: null };
  const coarse: FormRange = {
    min: firstBytes(range.min, BOUND_BYTES),
    withMin: true,
    max: isLong(range.max) ? nextLetter(TYPE_LETTERS.string) : range.max,
    withMax: false,
  };
  return { kind: 'range', range: coarse, whole: { kind: 'range', range } };
};
