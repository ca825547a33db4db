import { withoutEscapedKeys } from '@sluice/contract/plain';
import { ExactNumber } from './exact-number.ts';

export type ReadJsonOptions = {
  /** Numbers whose text a JavaScript number would not give again come as ExactNumber. */
  exactNumbers?: boolean | undefined;
};

/**
 * As `JSON.parse` should, but whole numbers beyond `Number.MAX_SAFE_INTEGER`, to either side, come as bigint. Written here, since
 * only engines from 2025 on give a reviver the text of a number.
 * @throws SyntaxError
 */
export const readJson = (text: string, { exactNumbers = false }: ReadJsonOptions = {}): unknown => {
  const value: unknown = JSON.parse(text);
  const plain = withoutEscapedKeys(text);
  if (!plain && !exactNumbers && !LONG_NUMBER.test(text)) return value;
  const marks = markNumbers(plain?.text ?? text, exactNumbers);
  if (!plain && marks.text === text) return value;
  return JSON.parse(marks.text, (_, item: unknown) => {
    if (typeof item === 'string') return marks.numberOf(item) ?? item;
    return plain && typeof item === 'object' && item !== null && !Array.isArray(item)
      ? plain.restore(item)
      : item;
  });
};

/** Some texts have one as well, which then are only read with more care than they need. */
const LONG_NUMBER = /(?:^|[:,[\s])-?\d{16}/;

/** Of a text that is JSON: what ends a string or keeps it from ending, and numbers, which may stand in one. */
const TOKENS = /\\.|"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Numbers to be read from their text are made texts first, which begin as no other does. */
const markNumbers = (text: string, exactNumbers: boolean) => {
  const mark = `${crypto.getRandomValues(new Uint32Array(4)).join('-')}:`; // 128 bits that nobody is told
  let inString = false;
  const marked = text.replace(TOKENS, (token) => {
    if (token === '"') inString = !inString;
    else if (!inString && (isLarge(token) || (exactNumbers && isInexact(token)))) return `"${mark}${token}"`;
    return token;
  });
  const numberOf = (value: string): bigint | ExactNumber | undefined => {
    if (!value.startsWith(mark)) return undefined;
    const number = value.slice(mark.length);
    return isLarge(number) ? BigInt(number) : new ExactNumber(number);
  };
  return { text: marked, numberOf };
};

const isLarge = (number: string): boolean =>
  number.length >= 16 && /^-?\d+$/.test(number) && !Number.isSafeInteger(Number(number));

const isInexact = (number: string): boolean => String(Number(number)) !== number;
