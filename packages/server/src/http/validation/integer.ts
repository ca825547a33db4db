import { type Kind, Refused, refuse } from './problems.ts';

/**
 * An integer, or what pydantic takes for one: numeric text, a whole float, a boolean. The result is always safe
 * (below 2^53), which is where this is stricter: what databases make of larger ones differs.
 */
export const integerKind = ({ minimum, maximum }: { minimum?: number; maximum?: number }): Kind => {
  return (input) => {
    const value = toInteger(input);
    if (value instanceof Refused) return value;
    if (maximum !== undefined && value > maximum) {
      const msg = `Input should be less than or equal to ${maximum}`;
      return refuse('less_than_equal', msg, input, { le: maximum });
    }
    if (minimum !== undefined && value < minimum) {
      const msg = `Input should be greater than or equal to ${minimum}`;
      return refuse('greater_than_equal', msg, input, { ge: minimum });
    }
    return Number.isSafeInteger(value) ? value : tooLong(input);
  };
};

const toInteger = (input: unknown): number | Refused => {
  switch (typeof input) {
    case 'number':
      if (Number.isInteger(input)) return input + 0; // no -0
      return Number.isFinite(input)
        ? refuse('int_from_float', `${SHOULD_BE}, got a number with a fractional part`, input)
        : refuse('finite_number', 'Input should be a finite number', input);
    case 'string':
      return fromText(input);
    case 'boolean':
      return input ? 1 : 0;
    default:
      return refuse('int_type', SHOULD_BE, input);
  }
};

const SHOULD_BE = 'Input should be a valid integer';

/** What Rust's `trim` takes off: JavaScript's `\s` with U+0085 and without U+FEFF. */
const SPACE = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]*';

/** Sign, digits with single underscores between them as in Python's source, zeros after a point. */
const INTEGER = new RegExp(`^${SPACE}([+-]?)(\\d+(?:_\\d+)*)(?:\\.0+)?${SPACE}$`);

/** Digits that Python's `int` takes from a text, the minus counted and leading zeros not. */
const MAX_DIGITS = 4300;

/** Longer texts are not looked at: no number is written like that, and the expression would run out of stack. */
const MAX_TEXT = 10_000;

const fromText = (text: string): number | Refused => {
  if (text.length > MAX_TEXT) return tooLong(text);
  const match = INTEGER.exec(text);
  if (!match) return refuse('int_parsing', `${SHOULD_BE}, unable to parse string as an integer`, text);
  const [, sign, digits = ''] = match;
  const magnitude = digits.replaceAll('_', '').replace(/^0+/, '');
  if (sign === '-') return magnitude.length < MAX_DIGITS ? 0 - Number(magnitude) : tooLong(text);
  return magnitude.length <= MAX_DIGITS ? Number(magnitude) : tooLong(text);
};

const tooLong = (input: unknown): Refused =>
  refuse('int_parsing_size', 'Unable to parse input string as an integer, exceeded maximum size', input);
