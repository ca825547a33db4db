/** JSON as a policy may have it: objects are Maps, so that `__proto__` is a key like any other. */
export type PolicyJson = string | number | boolean | null | PolicyJson[] | Map<string, PolicyJson>;

/** Deeper nesting than any policy needs. */
const MAX_DEPTH = 10;

/**
 * Reads the JSON of a policy. Unlike `JSON.parse` it refuses a key that stands twice (readers that disagree on which
 * one counts can be played off against each other) and deep nesting, and it knows the two escapes S3 adds: `\$`, `\v`.
 * @throws SyntaxError
 */
export const parsePolicyJson = (text: string): PolicyJson => {
  const reader = { text, at: 0 };
  const value = readValue(reader, 0);
  skipBlanks(reader);
  if (reader.at < text.length) throw new SyntaxError('something follows the policy');
  return value;
};

type Reader = { readonly text: string; at: number };

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
/** Text up to a quote, a backslash or a control character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has none inside strings
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const HEX = /[0-9a-fA-F]{4}/y;
const ESCAPES = new Map(
  Object.entries({
    b: '\b',
    f: '\f',
    n: '\n',
    r: '\r',
    t: '\t',
    v: '\v',
    '"': '"',
    '\\': '\\',
    '/': '/',
    $: '$',
  }),
);

const readValue = (reader: Reader, depth: number): PolicyJson => {
  if (depth > MAX_DEPTH) throw new SyntaxError(`nesting is deeper than ${MAX_DEPTH} levels`);
  skipBlanks(reader);
  switch (reader.text[reader.at]) {
    case '{':
      return readObject(reader, depth);
    case '[':
      return readArray(reader, depth);
    case '"':
      return readString(reader);
  }
  const word = match(reader, WORD);
  if (word !== undefined) return word === 'null' ? null : word === 'true';
  const number = match(reader, NUMBER);
  if (number === undefined) throw new SyntaxError('a value is missing or malformed');
  return Number(number);
};

const readObject = (reader: Reader, depth: number): Map<string, PolicyJson> => {
  const object = new Map<string, PolicyJson>();
  readItems(reader, '}', () => {
    if (reader.text[reader.at] !== '"') throw new SyntaxError('a key is not a string');
    const key = readString(reader);
    if (object.has(key)) throw new SyntaxError('a key stands twice');
    skipBlanks(reader);
    if (reader.text[reader.at++] !== ':') throw new SyntaxError('a colon is missing');
    object.set(key, readValue(reader, depth + 1));
  });
  return object;
};

const readArray = (reader: Reader, depth: number): PolicyJson[] => {
  const array: PolicyJson[] = [];
  readItems(reader, ']', () => array.push(readValue(reader, depth + 1)));
  return array;
};

/** From the opening bracket through the closing one, items with commas between them. */
const readItems = (reader: Reader, close: string, readItem: () => void): void => {
  reader.at++;
  skipBlanks(reader);
  if (reader.text[reader.at] === close) {
    reader.at++;
    return;
  }
  for (;;) {
    skipBlanks(reader);
    readItem();
    skipBlanks(reader);
    const next = reader.text[reader.at++];
    if (next === close) return;
    if (next !== ',') throw new SyntaxError('a comma or a closing bracket is missing');
  }
};

const readString = (reader: Reader): string => {
  reader.at++;
  let value = '';
  for (;;) {
    value += match(reader, PLAIN) ?? '';
    const stop = reader.text[reader.at++];
    if (stop === '"') return value;
    if (stop !== '\\') throw new SyntaxError('a string is not closed or holds a control character');
    const kind = reader.text[reader.at++] ?? '';
    if (kind === 'u') {
      const hex = match(reader, HEX);
      if (hex === undefined) throw new SyntaxError('an escape is malformed');
      value += String.fromCharCode(Number.parseInt(hex, 16));
    } else {
      const character = ESCAPES.get(kind);
      if (character === undefined) throw new SyntaxError('an escape is unknown');
      value += character;
    }
  }
};

const skipBlanks = (reader: Reader): void => {
  while (' \t\r\n'.includes(reader.text[reader.at] ?? '.')) reader.at++;
};

const match = (reader: Reader, pattern: RegExp): string | undefined => {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text)?.[0];
  if (found !== undefined) reader.at += found.length;
  return found;
};
