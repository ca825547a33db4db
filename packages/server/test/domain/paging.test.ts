import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AskedPage,
  CREATED,
  PAGES,
  pageRequest,
  UNKNOWN_CURSORS,
} from '../../../../testing/rows/pages.ts';
import { pageOf, unknownCursor } from '../../src/domain/paging.ts';

/** In an order of their own. */
const ROWS = (['d', 'a', 'e', 'c', 'b'] as const).map((id) => ({ id, createdAt: CREATED[id] }));

const page = (asked: AskedPage) => pageOf(ROWS, pageRequest(asked));

test('a page has the rows that were asked for, in order of creation', () => {
  for (const [asked, ids, hasMore] of PAGES) {
    const found = page(asked);
    const shown = [found?.rows.map(({ id }) => id).join(''), found?.hasMore, found?.total];
    assert.deepEqual(shown, [ids, hasMore, 5], JSON.stringify(asked));
  }
});

test('a cursor that is no row of the list gives no page, and is told by its name', () => {
  for (const asked of UNKNOWN_CURSORS) assert.equal(page(asked), undefined, JSON.stringify(asked));
  const location = (before: string | null, after: string | null) => unknownCursor({ before, after }).location;
  assert.deepEqual(location('x', null), ['query', 'before']);
  assert.deepEqual(location(null, 'x'), ['query', 'after']);
});
