import { type Kind, refuse } from './problems.ts';

/** Text, its length counted in code points as Python does. Half of a surrogate pair is no text: no database takes it. */
export const textKind = ({ minLength, maxLength }: { minLength?: number; maxLength?: number }): Kind => {
  return (input) => {
    if (typeof input !== 'string') return refuse('string_type', SHOULD_BE, input);
    if (!input.isWellFormed()) {
      return refuse('string_unicode', `${SHOULD_BE}, unable to parse raw data as a unicode string`, input);
    }
    if (maxLength !== undefined && input.length > maxLength && codePoints(input) > maxLength) {
      const msg = `String should have at most ${characters(maxLength)}`;
      return refuse('string_too_long', msg, input, { max_length: maxLength });
    }
    if (minLength !== undefined && codePoints(input) < minLength) {
      const msg = `String should have at least ${characters(minLength)}`;
      return refuse('string_too_short', msg, input, { min_length: minLength });
    }
    return input;
  };
};

const SHOULD_BE = 'Input should be a valid string';

const characters = (count: number): string => (count === 1 ? '1 character' : `${count} characters`);

const codePoints = (text: string): number => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

/** One of some texts, to the letter. `enum` is the word for a Python Enum, `literal_error` for a constant. */
export const oneOfKind = (type: 'enum' | 'literal_error', values: readonly string[]): Kind => {
  const admitted: ReadonlySet<unknown> = new Set(values);
  const quoted = values.map((value) => `'${value}'`);
  const last = quoted.pop();
  const expected = quoted.length === 0 ? String(last) : `${quoted.join(', ')} or ${last}`;
  return (input) =>
    admitted.has(input) ? input : refuse(type, `Input should be ${expected}`, input, { expected });
};
