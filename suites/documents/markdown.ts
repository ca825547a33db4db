import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');

/** Paths below the root of all that people read, but for what has been. */
export const DOCUMENTS = globSync(['*.md', 'docs/**/*.md', 'deploy/**/*.md', 'packages/*/*.md'], {
  cwd: ROOT,
})
  .filter((name) => name !== 'CHANGELOG.md')
  .sort();

export type Block = {
  /** Path below the root: `docs/api.md`. */
  document: string;
  /** Of its first fence, from 1. */
  line: number;
  /** The heading above it, without its `#`. */
  heading: string;
  /** What follows the fence; empty for what a program prints. */
  language: string;
  text: string;
};

const FENCE = /^( *)(`{3,}|~{3,})\s*(\S*).*$/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;

/** @throws where a block has no end */
export const blocksOf = (document: string): Block[] => readMarkdown(document).blocks;

/** The headings of a document, as they are written. */
export const headingsOf = (document: string): string[] => readMarkdown(document).headings;

/** The document without its blocks, line by line as it was, so that nothing in them is taken for a link. */
export const proseOf = (document: string): string => readMarkdown(document).prose;

const readMarkdown = (document: string) => {
  const lines = readFileSync(join(ROOT, document), 'utf8').split('\n');
  const blocks: Block[] = [];
  const headings: string[] = [];
  const prose: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] as string;
    const [, indent = '', fence, language = ''] = FENCE.exec(line) ?? [];
    if (fence === undefined) {
      prose.push(line);
      const heading = HEADING.exec(line)?.[2];
      if (heading !== undefined) headings.push(heading);
      continue;
    }
    const end = lines.findIndex((other, index) => index > at && other.trim() === fence);
    if (end < 0) throw new Error(`${document}:${at + 1}: the block has no end`);
    const text = lines.slice(at + 1, end).map((inner) => inner.replace(indent, ''));
    blocks.push({
      document,
      language,
      heading: headings.at(-1) ?? '',
      line: at + 1,
      text: text.join('\n'),
    });
    prose.push(...Array.from({ length: end - at + 1 }, () => ''));
    at = end;
  }
  return { blocks, headings, prose: prose.join('\n') };
};
