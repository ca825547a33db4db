import { type Kind, refuse } from './problems.ts';

/** A boolean, or what pydantic takes for one: 1 and 0 as number or text, and six pairs of words in any case. */
export const booleanKind: Kind = (input) => {
  if (typeof input === 'boolean') return input;
  if (typeof input === 'string') {
    const word = input.length <= LONGEST ? input.toLowerCase() : '';
    return WORDS.get(word) ?? refuse('bool_parsing', `${SHOULD_BE}, unable to interpret input`, input);
  }
  if (input === 1) return true;
  if (input === 0) return false;
  return isInt64(input)
    ? refuse('bool_parsing', `${SHOULD_BE}, unable to interpret input`, input)
    : refuse('bool_type', SHOULD_BE, input);
};

const SHOULD_BE = 'Input should be a valid boolean';

const WORDS = new Map<string, boolean>([
  ...['1', 't', 'y', 'on', 'yes', 'true'].map((word) => [word, true] as const),
  ...['0', 'f', 'n', 'no', 'off', 'false'].map((word) => [word, false] as const),
]);

const LONGEST = 5;

/** Only such numbers are tried as a truth value; all others are of the wrong type. */
const isInt64 = (input: unknown): boolean =>
  typeof input === 'number' && Number.isInteger(input) && input >= -(2 ** 63) && input < 2 ** 63;
