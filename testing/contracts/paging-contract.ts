import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CREATED, PAGES, pageRequest, UNKNOWN_CURSORS } from '../rows/pages.ts';
import { type OpenStore, prepareStore, sessionFileOf, sessionOf } from '../store/store-fixture.ts';

const idOf = (letter: string): string =>
  `00000000-0000-8000-8000-0000000000${letter.charCodeAt(0).toString(16)}`;
const idOrNull = (letter: string | null): string | null => (letter === null ? null : idOf(letter));

/** Pages of a table are those of rows that are at hand. */
export const pagingTests = (open: OpenStore): void => {
  test('a page of a table has the rows that were asked for, in order of creation', async (t) => {
    const store = await prepareStore(open);
    t.after(() => store.close());
    const [session, other] = [sessionOf('s'), sessionOf('other')];
    await store.write(async (tx) => {
      for (const one of [session, other]) await tx.sessions.insert(one);
      const rows = Object.entries(CREATED).map(([letter, createdAt]) =>
        sessionFileOf(session, letter, { id: idOf(letter), createdAt }),
      );
      await tx.sessionFiles.insertMany([
        ...rows.reverse(),
        sessionFileOf(other, 'x', { id: idOf('x'), createdAt: 2 }),
      ]);
    }, 'short');
    const list = (asked: Parameters<typeof pageRequest>[0]) => {
      const { before, after, ...page } = pageRequest(asked);
      const cursors = { before: idOrNull(before), after: idOrNull(after) };
      return store.read.sessionFiles.list({ ...page, ...cursors, sessionId: session.id, status: null });
    };
    for (const [asked, letters, hasMore] of PAGES) {
      const found = await list(asked);
      const shown = [found?.rows.map(({ name }) => name.charAt(0)).join(''), found?.hasMore, found?.total];
      assert.deepEqual(shown, [letters, hasMore, 5], JSON.stringify(asked));
    }
    for (const asked of UNKNOWN_CURSORS) {
      const location = ['query', asked.before === 'x' ? 'before' : 'after'];
      await assert.rejects(list(asked), { code: 'INVALID', location }, JSON.stringify(asked));
    }
  });
};
