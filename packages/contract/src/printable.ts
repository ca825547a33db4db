/** Control characters, line ends, and what turns the direction of writing, which can make a name look like another. */
const ACTING = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/**
 * A text on one line that cannot act on a terminal: names and messages come from elsewhere. What could becomes U+FFFD.
 */
export const printable = (text: string): string => text.toWellFormed().replace(ACTING, '\ufffd');

/** The same of JSON, which loses nothing by it: it has escapes for all of them, and itself writes only some. */
export const printableJson = (json: string): string =>
  json.replace(ACTING, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
