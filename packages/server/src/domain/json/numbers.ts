import { withoutEscapedKeys } from '@sluice/contract';

/** A number in the text it came in, where a double would not give that back: `1546130668394913822`, `1.0`. */
export type RawNumber = { readonly rawJSON: string };
export type JsonNumber = number | RawNumber;

/** Proposed for ECMAScript 2026 and in Node 22; TypeScript does not know it yet. */
type SourceText = {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
};
const json = JSON as unknown as SourceText;

/**
 * Reads JSON as `JSON.parse` should, but for numbers whose text a double would not give back: they are `RawNumber`s, which
 * `JSON.stringify` writes as they came. None of them crosses to another thread: let their text do so.
 * @throws SyntaxError
 */
export const parseJson = (text: string): unknown => {
  const value: unknown = JSON.parse(text);
  const plain = withoutEscapedKeys(text);
  if (!plain && !losesText(text)) return value;
  try {
    return json.parse(plain?.text ?? text, (_, item, { source }) => {
      if (typeof item === 'number' && source !== undefined) return numberOf(source);
      const isObject = typeof item === 'object' && item !== null && !Array.isArray(item);
      return plain && isObject ? plain.restore(item) : item;
    });
  } catch {
    return value; // nested deeper than that can go, which whoever reads it refuses
  }
};

/** A number that is written like this in JSON. */
export const numberOf = (text: string): JsonNumber => {
  const number = Number(text);
  return String(number) === text ? number : json.rawJSON(text);
};

/** Asks the engine, which takes long, only of what may be one. */
export const isRawNumber = (value: unknown): value is RawNumber =>
  typeof value === 'object' && value !== null && 'rawJSON' in value && json.isRawJSON(value);

export const isJsonNumber = (value: unknown): value is JsonNumber =>
  typeof value === 'number' || isRawNumber(value);

/** Its text in JSON. */
export const numberText = (number: JsonNumber): string =>
  typeof number === 'number' ? String(number) : number.rawJSON;

/** The double (IEEE 754) nearest to it, which for most numbers is the number. */
export const doubleOf = (number: JsonNumber): number =>
  typeof number === 'number' ? number : Number(number.rawJSON);

/** Asked first: giving each number its text takes ten times as long as `JSON.parse`. */
const losesText = (text: string): boolean => {
  for (const [, number] of text.matchAll(MAY_LOSE_TEXT)) if (String(Number(number)) !== number) return true;
  return false;
};

/**
 * Finds every such number, and some others, also within texts. Whole numbers of fifteen digits come back as they were,
 * and so do decimals of nine before the point and six behind it that do not end in 0.
 */
const MAY_LOSE_TEXT =
  /(?:"\s*:|[,[])\s*(?=(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?))(?!-?[1-9]\d{0,14}[,\]}\s]|0[,\]}\s]|-?\d{1,9}\.\d{0,5}[1-9][,\]}\s])/g;

/** The greatest whole number of which a double tells all below apart: 2^53. */
const EXACT_BELOW = 2 ** 53;

/** Digits of whole numbers that are told apart. */
const DIGITS = 40;

const PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;

/**
 * What is between a whole number and the double nearest to it, where doubles leave whole numbers out: from 2^53 on.
 * Undefined below that; 0 for numbers that are not whole, or of more than 40 digits: they are taken for their doubles.
 */
export const distanceFromDouble = (number: JsonNumber): bigint | undefined => {
  const double = doubleOf(number);
  if (!(Math.abs(double) >= EXACT_BELOW)) return undefined;
  const whole = wholeOf(numberText(number));
  return whole === undefined ? 0n : whole - BigInt(double);
};

const wholeOf = (text: string): bigint | undefined => {
  const parts = PARTS.exec(text);
  if (!parts) return undefined;
  const [, sign, before = '', after = '', exponent = '0'] = parts;
  const digits = (before + after).replace(/^0+/, '');
  const zeros = Number(exponent) - after.length;
  if (digits.length + zeros > DIGITS) return undefined;
  if (zeros >= 0) return BigInt(`${sign}${digits}${'0'.repeat(zeros)}`);
  return /^0*$/.test(digits.slice(zeros)) ? BigInt(`${sign}${digits.slice(0, zeros)}`) : undefined;
};
