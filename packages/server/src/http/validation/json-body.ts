import type { ValidationProblem } from '@sluice/contract';
import { findJsonError } from './json-error.ts';

/**
 * Keys, list elements, objects and lists in a body, about. V8 takes much longer for many keys than for many bytes: 10 s for a
 * million keys in 10 MB, while nobody else is answered.
 */
export const MAX_VALUES = 100_000;

/** Levels of arrays and objects in a body: beyond any sense, and before the recursion of whatever walks the value. */
export const MAX_DEPTH = 64;

export type JsonBodyReading = { body: unknown } | { problems: ValidationProblem[] };

/**
 * Reads the bytes of a body. Undefined where there are none; the raw text where the type is not `application/json` or
 * `application/*+json`, which no schema then admits. Strictly UTF-8, a byte order mark at the start is passed over.
 * A key `__proto__` is an own property of the result.
 */
export const readJsonBody = (
  bytes: Uint8Array | undefined,
  contentType: string | undefined,
): JsonBodyReading => {
  if (bytes === undefined || bytes.length === 0) return { body: undefined };
  if (!isJson(contentType)) return { body: LENIENT.decode(bytes) };
  let text: string;
  try {
    text = STRICT.decode(bytes);
  } catch {
    return notJson('The body is not valid UTF-8', endOfUtf8(bytes));
  }
  const excess = findExcess(text);
  if (excess !== undefined) return notJson(excess.message, codePoints(text, excess.at));
  try {
    return { body: JSON.parse(text) };
  } catch {
    const { message, offset } = (text.length <= MAX_SEARCHED && findJsonError(text)) || UNKNOWN;
    return notJson(message, offset);
  }
};

/** Larger bodies are not searched for their error, which takes ten times as long as reading them. */
const MAX_SEARCHED = 1 << 17;
const UNKNOWN = { message: 'Expecting JSON', offset: 0 };

const STRICT = new TextDecoder('utf-8', { fatal: true });
const LENIENT = new TextDecoder('utf-8', { ignoreBOM: true });

const notJson = (error: string, offset: number): JsonBodyReading => ({
  problems: [
    { type: 'json_invalid', loc: ['body', offset], msg: 'JSON decode error', input: {}, ctx: { error } },
  ],
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

/** How many are before a place; 0 where that is so far that counting takes long. */
const codePoints = (text: string, at: number): number =>
  at > MAX_SEARCHED ? 0 : [...text.slice(0, at)].length;

const [QUOTE, COMMA, BACKSLASH, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [
  34, 44, 92, 91, 93, 123, 125,
];

/** How many code points are read before the first byte that fits into none. */
const endOfUtf8 = (bytes: Uint8Array): number => {
  if (bytes.length > MAX_SEARCHED) return UNKNOWN.offset;
  let at = 0;
  let count = 0;
  for (const char of LENIENT.decode(bytes)) {
    const isReplacement =
      char === '\ufffd' && !(bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd);
    if (isReplacement) break;
    at += Buffer.byteLength(char);
    count += 1;
  }
  return count;
};
