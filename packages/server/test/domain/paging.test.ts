import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AskedPage,
  CREATED,
  PAGES,
  pageRequest,
  UNKNOWN_CURSORS,
} from '../../../../testing/rows/pages.ts';
import { pageOf } from '../../src/domain/paging.ts';

/** In an order of their own. */
const ROWS = (['d', 'a', 'e', 'c', 'b'] as const).map((id) => ({ id, createdAt: CREATED[id] }));

const page = (asked: AskedPage) => pageOf(ROWS, () => true, pageRequest(asked));

test('a page has the rows that were asked for, in order of creation', () => {
  for (const [asked, ids, hasMore] of PAGES) {
    const found = page(asked);
    const shown = [found.rows.map(({ id }) => id).join(''), found.hasMore, found.total];
    assert.deepEqual(shown, [ids, hasMore, 5], JSON.stringify(asked));
  }
});

test('a row that does not match is no row of a page, and a place in the list all the same', () => {
  const found = pageOf(ROWS, ({ id }) => id !== 'b' && id !== 'd', pageRequest({ after: 'b' }));
  const shown = [found.rows.map(({ id }) => id).join(''), found.hasMore, found.total];
  assert.deepEqual(shown, ['ce', false, 3]);
});

test('a cursor that is no row of the list is refused by its name', () => {
  for (const asked of UNKNOWN_CURSORS) {
    const name = asked.before === 'x' ? 'before' : 'after';
    assert.throws(() => page(asked), { code: 'INVALID', location: ['query', name] }, JSON.stringify(asked));
  }
});
