/**
 * The text that comes right after all texts with this prefix, in the order of UTF-8 bytes (which is SQLite's and S3's):
 * `key >= prefix and key < prefixEnd(prefix)` is an index scan where `like` is none. For the empty prefix, and one of
 * nothing but U+10FFFF, it is a blob, which SQLite sorts after every text.
 */
export const prefixEnd = (prefix: string): string | Uint8Array => {
  const points = Array.from(prefix, (character) => character.codePointAt(0) as number);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === 0x10ffff) continue;
    // The code points between are halves of surrogate pairs, which no text holds.
    const next = last === 0xd7ff ? 0xe000 : last + 1;
    return String.fromCodePoint(...points, next);
  }
  return new Uint8Array();
};
