/**
 * A text on one line that cannot act on a terminal: names and messages come from elsewhere. Control characters and
 * those that turn the direction of writing, which can make a name look like another, become U+FFFD.
 */
export const printable = (text: string): string =>
  text.toWellFormed().replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
