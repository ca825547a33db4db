import { TIME_LETTER, TYPE_LETTERS, wholeForm } from '../metadata/metadata-index.ts';
import type { Filter, Leaf } from './filter.ts';

/** The keys of metadata that a filter asks for, each with the letters of the types it asks for there; nulls have none. */
export const askedKeys = (filter: Filter): Map<string, Set<string>> => {
  const asked = new Map<string, Set<string>>();
  for (const leaf of leavesOf(filter)) {
    if (leaf.property.of !== 'metadata') continue;
    const letters = asked.get(leaf.property.path) ?? new Set();
    asked.set(leaf.property.path, letters);
    for (const value of leaf.kind === 'in' ? leaf.values : [leaf.value]) {
      if (value !== null) letters.add(wholeForm(value).charAt(0));
    }
  }
  return asked;
};

const leavesOf = (filter: Filter): Leaf[] => {
  if (filter.kind === 'and' || filter.kind === 'or') return filter.of.flatMap(leavesOf);
  return filter.kind === 'not' ? leavesOf(filter.of) : [filter];
};

/** @param similar a name that there is, and that may be meant */
export const unknownKey = (key: string, similar: string | undefined): string =>
  `No file has a value under the key ${quoted(key)}.${similar === undefined ? '' : ` Did you mean ${quoted(similar)}?`}`;

/** Of a key under which there are values, but none of a type that is asked for; undefined where there are some. */
export const otherTypes = (
  key: string,
  asked: ReadonlySet<string>,
  there: ReadonlySet<string>,
): string | undefined => {
  if (asked.size === 0 || !asked.isDisjointFrom(there)) return undefined;
  const [found, wanted] = [there, asked].map((letters) => [...letters].map(nameOf));
  return `No file has ${wanted?.join(' or ')} under the key ${quoted(key)}, only ${found?.join(' or ')}.`;
};

const NAMES: Record<string, string> = {
  [TYPE_LETTERS.boolean]: 'true or false',
  [TYPE_LETTERS.number]: 'a number',
  [TYPE_LETTERS.string]: 'a text',
  [TYPE_LETTERS.null]: 'null',
  [TIME_LETTER]: 'a time',
};

const nameOf = (letter: string): string => NAMES[letter] ?? 'a value of that type';

const LONGEST_SHOWN = 100;

const quoted = (key: string): string =>
  `"${key.length > LONGEST_SHOWN ? `${key.slice(0, LONGEST_SHOWN).toWellFormed()}…` : key}"`;
