/** Rows of lists that are paged, by letters; `c` and `d` are of one instant. */
export const CREATED = { a: 1, b: 2, c: 3, d: 3, e: 4 } as const;

export type AskedPage = { limit?: number; pageNumber?: number; before?: string; after?: string };

/** What is asked of a list of the rows above, in order of creation; what comes, and whether there is more. */
export const PAGES: readonly [AskedPage, string, boolean][] = [
  [{}, 'ab', true],
  [{ pageNumber: 1 }, 'ab', true],
  [{ pageNumber: 2 }, 'cd', true],
  [{ pageNumber: 3 }, 'e', false],
  [{ pageNumber: 4 }, '', false],
  [{ limit: 4 }, 'abcd', true],
  [{ limit: 5 }, 'abcde', false],
  [{ limit: 6 }, 'abcde', false],
  [{ after: 'a' }, 'bc', true],
  [{ after: 'c' }, 'de', false],
  [{ after: 'e' }, '', false],
  [{ before: 'd' }, 'ab', true],
  [{ before: 'c' }, 'ab', false],
  [{ before: 'a' }, '', false],
  [{ after: 'a', before: 'e' }, 'bc', true],
  [{ after: 'a', before: 'd' }, 'bc', false],
  [{ after: 'd', before: 'b' }, '', false],
  [{ pageNumber: 2, after: 'a' }, 'bc', true],
  [{ pageNumber: 2, before: 'd' }, 'ab', true],
];

/** Cursors that lead nowhere: `x` is no row of the list. */
export const UNKNOWN_CURSORS: readonly AskedPage[] = [
  { before: 'x' },
  { after: 'x' },
  { before: 'a', after: 'x' },
  { before: 'x', after: 'a' },
];

export const pageRequest = ({ limit = 2, pageNumber, before, after }: AskedPage) => ({
  limit,
  pageNumber: pageNumber ?? null,
  before: before ?? null,
  after: after ?? null,
});
