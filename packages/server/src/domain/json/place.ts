/** Where in a text something is; both count from 1, columns in characters. */
export type Place = { line: number; column: number };

/** @param at in UTF-16 units */
export const placeOf = (text: string, at: number): Place => {
  let line = 1;
  let start = 0;
  LINE_END.lastIndex = 0;
  for (let end = LINE_END.exec(text); end && LINE_END.lastIndex <= at; end = LINE_END.exec(text)) {
    line += 1;
    start = LINE_END.lastIndex;
  }
  return { line, column: codePoints(text, start, at) + 1 };
};

/** `line 2, column 5`, for the end of a sentence. */
export const placeWords = ({ line, column }: Place): string => `line ${line}, column ${column}`;

/** How many characters stand between two places. */
export const codePoints = (text: string, from: number, to: number): number => {
  let count = to - from;
  for (const _ of text.slice(from, to).matchAll(PAIR)) count -= 1;
  return count;
};

const PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;
const LINE_END = /\r\n?|\n/g;
