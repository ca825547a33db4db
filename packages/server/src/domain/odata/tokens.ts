/** `at` is the offset of the first character in the filter. A `word` is anything without blanks, quotes, `(`, `)`, `,`. */
export type Token = { kind: 'word' | 'quoted' | '(' | ')' | ',' | 'end'; value: string; at: number };

/** Something is wrong with a filter at an offset. Told apart from defects by being caught where it is turned into one. */
export class FilterProblem extends Error {}

/** Takes a filter apart in one pass. @throws FilterProblem for a quote that is not closed */
export const tokenize = (text: string): Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const start = at;
    const character = text[at] as string;
    if (BLANK.test(character)) at += 1;
    else if (character === '(' || character === ')' || character === ',') {
      tokens.push({ kind: character, value: character, at: start });
      at += 1;
    } else if (character === "'" || character === '"') {
      at = endOfQuoted(text, start);
      const value = text.slice(start + 1, at - 1).replaceAll(character + character, character);
      tokens.push({ kind: 'quoted', value, at: start });
    } else {
      while (at < text.length && !ENDS_WORD.test(text[at] as string)) at += 1;
      tokens.push({ kind: 'word', value: text.slice(start, at), at: start });
    }
  }
  tokens.push({ kind: 'end', value: '', at: text.length });
  return tokens;
};

// Each looks at one character only, so neither can backtrack.
const BLANK = /\s/;
const ENDS_WORD = /[\s(),'"]/;

/** The offset after the closing quote; a doubled quote stands for one (OData 4.01 URL conventions, 5.1.1.14.1). */
const endOfQuoted = (text: string, start: number): number => {
  const quote = text[start] as string;
  for (let at = start + 1; ; ) {
    const next = text.indexOf(quote, at);
    if (next === -1) throw new FilterProblem(`the quote opened at offset ${start} is not closed`);
    if (text[next + 1] !== quote) return next + 1;
    at = next + 2;
  }
};
