import { METADATA_LIMITS } from '@sluice/contract';
import { parseInstant } from '../instant.ts';
import { doubleOf, type JsonNumber, numberOf } from '../json/numbers.ts';
import { timeOf } from '../metadata/metadata-index.ts';
import type { Literal } from './filter.ts';
import type { Token } from './tokens.ts';

/** What a token stands for where a value is expected; undefined where it is none. */
export const literalOf = (token: Token): Literal | undefined => {
  const { kind, value } = token;
  if (kind === 'quoted') return value;
  if (kind !== 'word') return undefined;
  const keyword = KEYWORDS.get(value.toLowerCase());
  if (keyword !== undefined) return keyword;
  if (NUMBER.test(value)) return number(value);
  const time = timeOf(value);
  return time || (value.length <= LONGEST_TIME && parseInstant(value) !== undefined)
    ? { text: value, time }
    : undefined;
};

const KEYWORDS = new Map<string, Literal>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

// No part of it can begin where another may go on, so it takes time in proportion to the text.
const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** A plus and zeros in front are not of JSON. */
const number = (written: string): JsonNumber | undefined => {
  const text = written.replace(/^\+/, '').replace(/^(-?)0+(?=\d)/, '$1');
  if (text.length > METADATA_LIMITS.numberCharacters) return undefined;
  const found = numberOf(text);
  return Number.isFinite(doubleOf(found)) ? found : undefined;
};

/** `2022-06-21T16:40:00.634653123+00:00` has 35 characters. */
const LONGEST_TIME = 40;
