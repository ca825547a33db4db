import assert from 'node:assert/strict';
import { test } from 'node:test';
import { searchFor, WORKSPACE } from '../../../../../testing/store/file-fixture.ts';
import { openTemporaryStore } from '../../../../../testing/store/open-sqlite-store.ts';
import { parseFilter } from '../../../src/domain/odata/parse.ts';
import { keepDearApart, type Room } from '../../../src/store/reads/dear-reads.ts';
import { tooDear } from '../../../src/store/reads/too-dear.ts';

const page = { sort: { field: 'created_at', order: 'ASC' }, limit: 10, offset: 0 } as const;
const dear = searchFor({ filter: parseFilter("contains(key,'dear')") });
const cheap = searchFor({ filter: parseFilter("key eq 'cheap'") });

/** Reads of a store of which one filter is dear: its first tries end, and its long ones last until they are let go. */
const open = async () => {
  const { read } = await openTemporaryStore();
  const held = Promise.withResolvers<void>();
  let tries = 0;
  const files: typeof read.files = {
    ...read.files,
    list: (search, page) => {
      if (search.filter !== dear.filter) return read.files.list(search, page);
      tries++;
      return Promise.reject(tooDear());
    },
  };
  const short: Room = { width: 1, read: (_, work) => work({ ...read, files }) };
  const long: Room = { width: 1, read: (_, work) => held.promise.then(() => work(read)) };
  return {
    read: keepDearApart({ quick: read, short, long, limitMs: 5000 }),
    letGo: () => held.resolve(),
    tries: () => tries,
  };
};

test('while dear reads go on, pages, cheap filters and what is asked by id do not wait', async () => {
  const { read, letGo, tries } = await open();
  const asked = Array.from({ length: 5 }, () => read.files.list(dear, page));
  assert.deepEqual(await read.files.list(searchFor(), page), []);
  assert.deepEqual(await read.files.list(cheap, page), []);
  assert.equal(await read.files.get(WORKSPACE, 'x'), undefined);
  assert.equal((await read.sessions.gauges({ after: -1, settled: 0, now: 1 })).open, 0);
  letGo();
  assert.deepEqual(await Promise.all(asked), [[], [], [], [], []]);
  assert.equal(tries(), 5);
});

test('more dear reads of a workspace than may wait are refused at once, those of others are not', async () => {
  const { read, letGo } = await open();
  const asked = Array.from({ length: 40 }, () => read.files.list(dear, page));
  const settling = Promise.allSettled(asked);
  const others = read.files.list({ ...dear, workspaceId: 'other' }, page);
  await assert.rejects(asked.at(-1) as Promise<unknown>, { code: 'QUERY_TOO_DEAR' });
  letGo();
  // One that went on, and those that could wait.
  assert.equal((await settling).filter(({ status }) => status === 'fulfilled').length, 17);
  await others;
});

test('a workspace that asks for hundreds of pages at once keeps no other waiting', async () => {
  const { read } = await openTemporaryStore();
  const begun: string[] = [];
  const files: typeof read.files = {
    ...read.files,
    list: (search, page) => {
      begun.push(search.workspaceId);
      return read.files.list(search, page);
    },
  };
  const room: Room = { width: 1, read: (_, work) => work(read) };
  const kept = keepDearApart({ quick: { ...read, files }, short: room, long: room, limitMs: 5000 });
  const asked = Array.from({ length: 300 }, () => kept.files.list(searchFor(), page));
  asked.push(kept.files.list({ ...searchFor(), workspaceId: 'other' }, page));
  await Promise.all(asked);
  assert.ok(begun.indexOf('other') <= 3, `${begun.indexOf('other')} were read before`);
});
