/*
 * PostgreSQL holds every character in a text but U+0000. So that none is lost, U+0000 to U+0004 are stored as two
 * characters each, out of U+0001 to U+0004. Texts keep their order by bytes, and one holds, begins or ends with another
 * exactly if the stored forms do: no end of a pair followed by the beginning of a pair looks like a pair.
 */

const PAIRS = ['\x01\x02', '\x01\x03', '\x01\x04', '\x02\x03', '\x02\x04'] as const;

/** A text as it is stored. */
export const storedText = (text: string): string =>
  LOW.test(text) ? text.replace(LOWS, (low) => PAIRS[low.charCodeAt(0)] as string) : text;

/** The text that was stored. */
export const originalText = (stored: string): string =>
  LOW.test(stored)
    ? stored.replace(STORED, (pair) => String.fromCharCode(PAIRS.indexOf(pair as (typeof PAIRS)[number])))
    : stored;

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: finding them is what this is for
const LOW = /[\0-\x04]/;
const LOWS = /[\0-\x04]/g;
const STORED = /[\x01\x02][\x02-\x04]/g;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: above
