import { parseInstant } from '../instant.ts';
import type { Literal } from './filter.ts';
import type { Token } from './tokens.ts';

/**
 * What a token stands for where a value is expected; undefined where it is none. Unquoted dates and times are text, as
 * JSON has no other way to hold them.
 */
export const literalOf = (token: Token): Literal | undefined => {
  if (token.kind === 'quoted') return token.value;
  if (token.kind !== 'word') return undefined;
  const keyword = KEYWORDS.get(token.value.toLowerCase());
  if (keyword !== undefined) return keyword;
  if (NUMBER.test(token.value)) {
    const number = Number(token.value);
    return Number.isFinite(number) ? number : undefined;
  }
  return token.value.length <= LONGEST_TIME && parseInstant(token.value) !== undefined
    ? token.value
    : undefined;
};

const KEYWORDS = new Map<string, Literal>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

// No part of it can begin where another may go on, so it takes time in proportion to the text.
const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** `2022-06-21T16:40:00.634653123+00:00` has 35 characters. */
const LONGEST_TIME = 40;
