import { type Kind, refuse } from './problems.ts';

/**
 * A UUID as 32 digits, with hyphens, in braces or as a URN (RFC 9562, 4); the result has hyphens and is lower case.
 * The reasons are those of the Rust crate `uuid` as pydantic 2.13 passes them on.
 */
export const uuidKind: Kind = (input) => {
  if (typeof input !== 'string') {
    return refuse('uuid_type', 'UUID input should be a string, bytes or UUID object', input);
  }
  if (HYPHENATED.test(input)) return input.toLowerCase();
  if (SIMPLE.test(input)) return input.replace(SIMPLE, '$1-$2-$3-$4-$5').toLowerCase();
  const { inner } = unwrapped(input);
  if (HYPHENATED.test(inner)) return inner.toLowerCase();
  // The crate gives the reason of what is in a wrapper if that has the right length, else of the whole.
  const error = reason(Buffer.byteLength(inner) === HYPHENATED_LENGTH ? inner : input);
  return refuse('uuid_parsing', `Input should be a valid UUID, ${error}`, input, { error });
};

const HYPHENATED = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const SIMPLE = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/i;
const HYPHENATED_LENGTH = 36;
const GROUP_LENGTHS = [8, 4, 4, 4, 12];

const URN = 'urn:uuid:';

/** `before`: how many characters of a wrapper stand in front. */
const unwrapped = (input: string): { inner: string; before: number } => {
  if (input.length > 1 && input.startsWith('{') && input.endsWith('}')) {
    return { inner: input.slice(1, -1), before: 1 };
  }
  const before = input.startsWith(URN) ? URN.length : 0;
  return { inner: input.slice(before), before };
};

const reason = (text: string): string => {
  const { inner, before } = unwrapped(text);
  const stray = /[^0-9a-fA-F-]/u.exec(inner);
  if (stray) return `invalid character: found \`${stray[0]}\` at ${before + stray.index + 1}`;

  const groups = inner.split('-');
  if (groups.length === 1 && before === 0) {
    return `invalid length: expected length 32 for simple format, found ${text.length}`;
  }
  if (groups.length !== GROUP_LENGTHS.length) {
    return `invalid group count: expected 5, found ${groups.length}`;
  }
  const index = groups.findIndex((group, at) => group.length !== GROUP_LENGTHS[at]);
  // The last group is measured to the end of the text, wrapper included.
  const found = index === 4 ? text.length - 24 : groups[index]?.length;
  return `invalid group length in group ${index}: expected ${GROUP_LENGTHS[index]}, found ${found}`;
};
