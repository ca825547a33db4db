import { displayWidth } from './display-width.ts';

/** A text as lines of so many columns at most, broken at blanks; a word that is longer stays whole. */
export const wrapWords = (text: string, columns: number): string[] => {
  if (displayWidth(text) <= columns) return [text];
  const lines: string[] = [];
  let line: string | null = null;
  for (const word of text.split(' ')) {
    const longer: string = line === null ? word : `${line} ${word}`;
    if (line === null || displayWidth(longer) <= columns) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = word;
  }
  if (line !== null) lines.push(line);
  return lines.map((one) => one.trimEnd()).filter((one) => one !== '');
};

/** The same below each other, further lines indented. */
export const wrapped = (text: string, columns: number, indent: string): string =>
  wrapWords(text, Math.max(1, columns - indent.length)).join(`\n${indent}`);
