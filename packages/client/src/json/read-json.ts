import { ExactNumber } from './exact-number.ts';

export type ReadJsonOptions = {
  /** Numbers whose text a JavaScript number would not give again come as ExactNumber. */
  exactNumbers?: boolean | undefined;
};

/**
 * As `JSON.parse`, but whole numbers beyond `Number.MAX_SAFE_INTEGER`, to either side, come as bigint. Written here, since
 * only engines from 2025 on give a reviver the text of a number.
 * @throws SyntaxError
 */
export const readJson = (text: string, { exactNumbers = false }: ReadJsonOptions = {}): unknown => {
  const plain: unknown = JSON.parse(text);
  return exactNumbers || LONG_NUMBER.test(text) ? (readMarked(text, exactNumbers) ?? plain) : plain;
};

/** Some texts have one as well, which then are only read with more care than they need. */
const LONG_NUMBER = /(?:^|[:,[\s])-?\d{16}/;

/** Of a text that is JSON: what ends a string or keeps it from ending, and numbers, which may stand in one. */
const TOKENS = /\\.|"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Numbers to be read from their text are made texts first, which begin as no other does.
 * @returns null where there are none
 */
const readMarked = (text: string, exactNumbers: boolean): unknown => {
  const mark = `${crypto.getRandomValues(new Uint32Array(4)).join('-')}:`; // 128 bits that nobody is told
  let inString = false;
  const marked = text.replace(TOKENS, (token) => {
    if (token === '"') inString = !inString;
    else if (!inString && (isLarge(token) || (exactNumbers && isInexact(token)))) return `"${mark}${token}"`;
    return token;
  });
  if (marked === text) return null;
  return JSON.parse(marked, (_, value: unknown) => {
    if (typeof value !== 'string' || !value.startsWith(mark)) return value;
    const number = value.slice(mark.length);
    return isLarge(number) ? BigInt(number) : new ExactNumber(number);
  });
};

const isLarge = (number: string): boolean =>
  number.length >= 16 && /^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number));

const isInexact = (number: string): boolean => String(Number(number)) !== number;
