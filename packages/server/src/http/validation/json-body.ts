import type { ValidationProblem } from '@sluice/contract';
import { findJsonError } from '../../domain/json/error.ts';
import { parseJson } from '../../domain/json/numbers.ts';
import { codePoints, type Place, placeOf } from '../../domain/json/place.ts';
import { readUtf8 } from '../../domain/json/utf8.ts';

/**
 * Keys, list elements, objects and lists in a body, about. V8 takes much longer for many keys than for many bytes: 10 s for a
 * million keys in 10 MB, while nobody else is answered.
 */
export const MAX_VALUES = 100_000;

/** Levels of arrays and objects in a body: beyond any sense, and before the recursion of whatever walks the value. */
export const MAX_DEPTH = 64;

/** `place`: where the text stops being JSON. */
export type JsonBodyReading = { body: unknown } | { problems: ValidationProblem[]; place: Place };

/**
 * Reads the bytes of a body. Undefined where there are none; the raw text where the type is not `application/json` or
 * `application/*+json`, which no schema then admits. Strictly UTF-8, a byte order mark at the start is passed over.
 * A key `__proto__` is an own property of the result, and numbers keep their text (`domain/json/numbers.ts`).
 */
export const readJsonBody = (
  bytes: Uint8Array | undefined,
  contentType: string | undefined,
): JsonBodyReading => {
  if (bytes === undefined || bytes.length === 0) return { body: undefined };
  if (!isJson(contentType)) return { body: LENIENT.decode(bytes) };
  const reading = readUtf8(bytes);
  if (!('text' in reading)) return notJson('The body is not valid UTF-8', reading.beginning, reading.at);
  const { text } = reading;
  const excess = findExcess(text);
  if (excess !== undefined) return notJson(excess.message, text, excess.at);
  try {
    return { body: parseJson(text) };
  } catch {
    const { message, at, stop } = findJsonError(text) ?? { message: 'Expecting JSON', at: 0, stop: 0 };
    return notJson(message, text, at, stop);
  }
};

const LENIENT = new TextDecoder('utf-8', { ignoreBOM: true });

const notJson = (error: string, text: string, at: number, stop = at): JsonBodyReading => ({
  problems: [
    {
      type: 'json_invalid',
      loc: ['body', codePoints(text, 0, at)],
      msg: 'JSON decode error',
      input: {},
      ctx: { error },
    },
  ],
  place: placeOf(text, stop),
});

/** Parameters such as `charset` say nothing: JSON is UTF-8 (RFC 8259, 8.1). */
const isJson = (contentType = ''): boolean =>
  /^application\/(?:[^/]*\+)?json$/i.test(contentType.replace(/;.*$/s, '').trim());

/** Where a text that may be JSON goes too deep or holds too much; undefined where it does neither. */
const findExcess = (text: string): { message: string; at: number } | undefined => {
  if (text.length <= MAX_DEPTH) return undefined;
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfText(text, at);
    else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      depth += 1;
      values += 1;
      if (depth > MAX_DEPTH) return { message: `Nesting is deeper than ${MAX_DEPTH} levels`, at };
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) depth -= 1;
    else if (code === COMMA) values += 1;
    if (values > MAX_VALUES) return { message: `More than ${MAX_VALUES} values: send fewer at a time`, at };
  }
  return undefined;
};

/** Where the quote is that ends a text; the end of all where there is none. */
const endOfText = (text: string, start: number): number => {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = at;
    while (text.charCodeAt(slashes - 1) === BACKSLASH) slashes -= 1;
    if ((at - slashes) % 2 === 0) return at;
  }
  return text.length;
};

const [QUOTE, COMMA, BACKSLASH, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [
  34, 44, 92, 91, 93, 123, 125,
];
