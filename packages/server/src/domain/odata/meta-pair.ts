import { invalid } from '../errors.ts';
import type { Scalar as ScalarValue } from '../metadata/metadata-index.ts';
import type { Filter, Property } from './filter.ts';
import { literalOf } from './literal.ts';

/**
 * `meta_key` and `meta_value`, in place of a filter, as older clients send them: the files with a value of that text under
 * the key. A number and a truth are found by their text (`2024`, `true`) like the text itself, a list by each of its
 * elements or, written as JSON, by all of them. The key alone: the files with any value there but null.
 * @throws INVALID for a value without a key
 */
export const metaPairFilter = (key: string | undefined, value: string | undefined): Filter | null => {
  if (!key) {
    if (value) throw invalid(['query', 'meta_value'], 'Needed together with meta_key', value);
    return null;
  }
  for (const [name, text] of Object.entries({ meta_key: key, meta_value: value })) {
    if (text?.includes('\0')) throw invalid(['query', name], 'No metadata holds the character U+0000', text);
  }
  const property: Property = { of: 'metadata', path: key };
  if (value === undefined) return anyValue(property);
  const equal: Filter = { kind: 'in', property, values: readings(value) };
  const elements = listOf(value);
  if (elements.length === 0) return equal;
  const all = elements.map((value): Filter => ({ kind: 'compare', property, operator: 'eq', value }));
  return { kind: 'or', of: [equal, { kind: 'and', of: all }] };
};

type Value = Exclude<ScalarValue, null>;

/** A text, and what it may be written for. */
const readings = (text: string): Value[] => {
  const value = plainValue(text);
  return value === undefined ? [text] : [text, value];
};

/** A number or a truth; a time is sought by its text. */
const plainValue = (text: string): Value | undefined => {
  const literal = literalOf({ kind: 'word', value: text, at: 0 });
  if (literal === null || typeof literal === 'string') return undefined;
  return typeof literal === 'object' && 'text' in literal ? undefined : literal;
};

/** Elements that a list in a query may have. */
const MOST_ELEMENTS = 100;

/** The elements of a list in JSON, each as what it stands for; none where the text is no list of scalars. */
const listOf = (text: string): Value[] => {
  if (!text.startsWith('[')) return [];
  try {
    const list: unknown = JSON.parse(text, scalarOf as (key: string, value: unknown) => unknown);
    return Array.isArray(list) && list.length <= MOST_ELEMENTS && list.every((one) => one instanceof Scalar)
      ? list.map((one: Scalar) => one.value)
      : [];
  } catch {
    return [];
  }
};

/** A class, so that no list within the list can pose as an element. */
class Scalar {
  readonly value: Value;

  constructor(value: Value) {
    this.value = value;
  }
}

/** By its text, so that numbers are read as they are in filters. What is no value to look for stays as it is. */
const scalarOf = (_key: string, value: unknown, { source }: { source?: string }): unknown => {
  if (typeof value === 'string') return new Scalar(value);
  const read = source === undefined ? undefined : plainValue(source);
  return read === undefined ? value : new Scalar(read);
};

/** By type, as the index has values in the order of their types. */
const anyValue = (property: Property): Filter => ({
  kind: 'or',
  of: [
    { kind: 'text', property, function: 'startswith', value: '' },
    { kind: 'compare', property, operator: 'ge', value: -Number.MAX_VALUE },
    { kind: 'in', property, values: [true, false] },
  ],
});
