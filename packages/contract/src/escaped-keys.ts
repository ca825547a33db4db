/** A JSON text without escapes in keys, and what gives the objects read from it their keys again. */
export type PlainKeys = { text: string; restore: (object: object) => object };

/**
 * `JSON.parse` of V8 (Node 24, 26; https://github.com/nodejs/node/issues/63785) takes an escaped key for one that it has met
 * before: once anybody sent the key `\`, it reads `{"\"":1}` as `{"\\":1}`. So keys with escapes are given other names first.
 * Undefined where there are none, which is to say mostly.
 *
 * @param text what `JSON.parse` takes
 */
export const withoutEscapedKeys = (text: string): PlainKeys | undefined => {
  if (!ESCAPED_KEY.test(text)) return undefined;
  const escaped: string[] = [];
  const plain = text.replace(STRING, (string: string, colon: string | undefined) => {
    if (colon === undefined || !(string.includes('\\') || string.startsWith(`"${MARK}`))) return string;
    const key = string.slice(0, string.length - colon.length);
    return `"${MARK}${escaped.push(key) - 1}"${colon}`;
  });
  const keys = JSON.parse(`[${escaped.join()}]`) as string[]; // at once: there may be very many
  const keyOf = (name: string): string =>
    name.startsWith(MARK) ? (keys[Number(name.slice(MARK.length))] as string) : name;
  const restore = (object: object): object => {
    const entries = Object.entries(object);
    if (!entries.some(([name]) => name.startsWith(MARK))) return object;
    return Object.fromEntries(entries.map(([name, value]) => [keyOf(name), value]));
  };
  return { text: plain, restore };
};

/** Keys that begin like this of themselves get another name as well. */
const MARK = 'escaped:';

/** From the last escape of a key, or of a string that has an escaped quote before a colon. */
const ESCAPED_KEY = /\\.[^"\\]*"\s*:/s;

const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/gs;
