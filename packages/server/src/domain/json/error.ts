/**
 * Both count UTF-16 units from the start of the text. `at`: where Python sees it; `stop`: where the text stops being JSON,
 * which is another place for a trailing comma only: the bracket behind it.
 */
export type JsonError = { message: string; at: number; stop: number };

/**
 * Finds what is wrong with a text that JSON.parse has refused, in the words of Python's `json` (3.13 and later; what it
 * admits beyond RFC 8259, such as `NaN`, is wrong here as well). Undefined where the text is JSON.
 * It keeps a list of what is open instead of recursing, so that depth costs nothing.
 */
export const findJsonError = (text: string): JsonError | undefined => {
  try {
    scan(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { message: error.message, at: error.at, stop: error.stop };
  }
};

class Fault extends Error {
  readonly at: number;
  readonly stop: number;

  constructor(message: string, at: number, stop = at) {
    super(message);
    this.at = at;
    this.stop = stop;
  }
}

const CLOSING = { '[': ']', '{': '}' };
const NAME = { '[': 'array', '{': 'object' };

const scan = (text: string): void => {
  const open: ('[' | '{')[] = [];
  let at = skipSpace(text, 0);
  for (;;) {
    const char = text.charAt(at);
    if (char === '[' || char === '{') {
      at = skipSpace(text, at + 1);
      if (text.charAt(at) !== CLOSING[char]) {
        open.push(char);
        if (char === '{') at = endOfKey(text, at);
        continue;
      }
      at += 1;
    } else {
      at = endOfScalar(text, at);
    }
    const next = afterValue(text, at, open);
    if (next === undefined) return;
    at = next;
  }
};

/** Closes what ends here and goes on to where the next value starts; undefined at the end of the text. */
const afterValue = (text: string, from: number, open: ('[' | '{')[]): number | undefined => {
  let at = skipSpace(text, from);
  let inside = open.at(-1);
  while (inside && text.charAt(at) === CLOSING[inside]) {
    open.pop();
    inside = open.at(-1);
    at = skipSpace(text, at + 1);
  }
  if (!inside) {
    if (at < text.length) throw new Fault('Extra data', at);
    return undefined;
  }
  if (text.charAt(at) !== ',') throw new Fault("Expecting ',' delimiter", at);
  const next = skipSpace(text, at + 1);
  if (text.charAt(next) === CLOSING[inside]) {
    throw new Fault(`Illegal trailing comma before end of ${NAME[inside]}`, at, next);
  }
  return inside === '{' ? endOfKey(text, next) : next;
};

/** From a key to where its value starts. */
const endOfKey = (text: string, at: number): number => {
  if (text.charAt(at) !== '"') throw new Fault('Expecting property name enclosed in double quotes', at);
  const colon = skipSpace(text, endOfString(text, at));
  if (text.charAt(colon) !== ':') throw new Fault("Expecting ':' delimiter", colon);
  return skipSpace(text, colon + 1);
};

const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

const endOfScalar = (text: string, at: number): number => {
  if (text.charAt(at) === '"') return endOfString(text, at);
  SCALAR.lastIndex = at;
  if (!SCALAR.test(text)) throw new Fault('Expecting value', at);
  return SCALAR.lastIndex;
};

const HEX = /^[\da-f]{4}$/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they may not stand in a string
const PLAIN = /[^"\\\x00-\x1f]*/y;

const endOfString = (text: string, start: number): number => {
  for (let at = start + 1; ; ) {
    PLAIN.lastIndex = at;
    PLAIN.test(text);
    at = PLAIN.lastIndex;
    const char = text.charAt(at);
    if (char === '"') return at + 1;
    if (char === '') break;
    if (char !== '\\') throw new Fault('Invalid control character at', at);
    const escaped = text.charAt(at + 1);
    if (escaped === '') break;
    if (escaped === 'u') {
      // Python wants at least one more character after the digits before it looks at them.
      const digits = text.slice(at + 2, at + 6);
      if (at + 6 >= text.length || !HEX.test(digits)) throw new Fault('Invalid \\uXXXX escape', at + 1);
      at += 6;
    } else if ('"\\/bfnrt'.includes(escaped)) at += 2;
    else throw new Fault('Invalid \\escape', at);
  }
  throw new Fault('Unterminated string starting at', start);
};

const skipSpace = (text: string, from: number): number => {
  let at = from;
  while (SPACE.includes(text.charCodeAt(at))) at += 1;
  return at;
};

const SPACE = [0x20, 0x09, 0x0a, 0x0d];
