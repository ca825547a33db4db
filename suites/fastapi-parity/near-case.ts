import fc from 'fast-check';
import type { Case } from '../../testing/fastapi/fastapi.ts';
import { CASES } from './cases.ts';

type Edit = { at: number; take: number; put: string };

const edits = (pieces: readonly string[]): fc.Arbitrary<Edit[]> =>
  fc.array(fc.record({ at: fc.nat(200), take: fc.nat(2), put: fc.constantFrom(...pieces) }), {
    minLength: 1,
    maxLength: 3,
  });

// biome-ignore format: a table
const PIECES = [
  '', '0', '1', '9', '00', '-', '+', '_', '.', '.0', ':', 'T', 'Z', 'e', 'E', 'a', 'f', 'g', 'x', ' ', '\t',
  '\n', '\u0085', '\u00a0', '\ufeff', '\u00fc', '\u{1f600}', '\0', 'true', 'null', 'urn:uuid:', '{', '}',
];
// biome-ignore format: a table
const JSON_PIECES = [
  ...PIECES, '[', ']', '"', '\\', ',', '/', "'", '\\u00fc', '\\u12', '\\n', '\\x',
];
// The test client takes these for parts of the URL.
const PATH_PIECES = PIECES.filter((piece) => !/[\n.]/.test(piece));
// biome-ignore format: a table
const QUERY_PIECES = [
  ...PIECES.map(encodeURIComponent), '&', '=', '+', ';', '%', '%2', '%ff', '%e2%82', '%ed%a0%80',
];

const edited = (text: string, edits: readonly Edit[]): string =>
  edits
    .reduce((before, { at, take, put }) => {
      const from = at % (before.length + 1);
      return before.slice(0, from) + put + before.slice(from + take);
    }, text)
    .toWellFormed();

const bodies = CASES.filter(
  ({ body, contentType }) => body !== null && body.length < 500 && contentType !== null,
);
const queries = CASES.filter(({ query }) => query !== '');
const paths = CASES.filter(({ params }) => 'session_id' in params);

/** A case of the table with some characters of its body, its query or its path taken out, put in or swapped. */
export const nearCase = (): fc.Arbitrary<Case> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.constantFrom(...bodies), edits(JSON_PIECES))
        .map(([asked, changes]) => ({ ...asked, body: edited(asked.body ?? '', changes) })),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom(...queries), edits(QUERY_PIECES))
        .map(([asked, changes]) => ({ ...asked, query: edited(asked.query, changes) })),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom(...paths), edits(PATH_PIECES)).map(([asked, changes]) => ({
        ...asked,
        params: { ...asked.params, session_id: edited(asked.params.session_id ?? '', changes) || 'x' },
      })),
    },
  );
