import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SESSION_SORT_FIELDS } from '@sluice/contract';
import { doesNoMore } from '../../packages/server/src/domain/accounts/access.ts';
import type { Token } from '../../packages/server/src/domain/accounts/account.ts';
import { AT_ONCE } from '../../packages/server/src/domain/instant.ts';
import type { Session } from '../../packages/server/src/domain/session.ts';
import { uuidOf } from '../../packages/server/src/domain/uuid.ts';
import type { SessionFileOutcome } from '../../packages/server/src/service/ports/session-files.ts';
import { everyPowers } from '../server/key-kinds.ts';
import { fileOf } from '../store/file-fixture.ts';
import {
  type OpenStore,
  ORGANIZATION,
  prepareStore,
  SPACE,
  sessionFileOf,
  sessionOf,
  tokenOf,
  USER,
  workspaceOf,
} from '../store/store-fixture.ts';

const page = { limit: 10, pageNumber: null, before: null, after: null };

const unknownCursor = { code: 'INVALID', message: 'There is no row with that id' };

/** What every store does with all but files, of which there are suites of their own. */
export const storeTests = (open: OpenStore): void => {
  test('accounts come back as they were put in, and a name is taken once', async () => {
    const { read, write, ping } = await prepareStore(open);
    await ping();
    const organization = { id: ORGANIZATION, name: 'organization', pricingPlan: 1 };
    assert.deepEqual(await read.accounts.organizations(), [organization]);
    assert.equal(
      await write((tx) => tx.accounts.insertOrganization({ ...organization, id: 'another' }), 'short'),
      false,
    );
    const user = await read.accounts.userByEmail(ORGANIZATION, 'given@example.com');
    assert.equal(user?.deleted, false);
    assert.deepEqual(await read.accounts.user(ORGANIZATION, USER), user);
    assert.equal(await read.accounts.user('another', USER), undefined);
  });

  test('MET.3: U+0000 and its neighbours stay in every text', async () => {
    const { read, write } = await prepareStore(open);
    const token = tokenOf(1, { name: '\0\x01\x02\x03\x04\x05 a\0', workspaceIds: ['\0'] });
    await write((tx) => tx.accounts.insertToken(token), 'short');
    assert.deepEqual(await read.accounts.token(ORGANIZATION, token.id), token);
    assert.equal(await read.accounts.tokenByHash('\0'), undefined);
    const session = sessionOf(1);
    const file = sessionFileOf(session, 'a\0\x01b', { etag: '\x02' });
    await write(async (tx) => {
      await tx.sessions.insert(session);
      await tx.sessionFiles.insertMany([file]);
      await tx.garbage.add(['key\0'], 5);
    }, 'short');
    assert.deepEqual(await read.sessionFiles.pending(session.id, null, 10), [file]);
    assert.deepEqual(await read.garbage.due(5, 10), ['key\0']);
  });

  test('tokens by page, newest first', async () => {
    const { read, write } = await prepareStore(open);
    const all = [1, 2, 3, 4].map((at) => tokenOf(at, { createdAt: at, expiresAt: 2 ** 52 + at }));
    await write(async (tx) => {
      for (const token of all) await tx.accounts.insertToken(token);
    }, 'short');
    const newest = all.toReversed();
    const found = await read.accounts.tokens(ORGANIZATION, { ...page, limit: 3 });
    assert.deepEqual(found, { rows: newest.slice(0, 3), hasMore: true, total: 4 });
    const before = await read.accounts.tokens(ORGANIZATION, { ...page, before: tokenOf(3).id });
    assert.deepEqual(before?.rows, newest.slice(2));
    await assert.rejects(read.accounts.tokens(ORGANIZATION, { ...page, after: 'unknown' }), unknownCursor);
    assert.equal(await write((tx) => tx.accounts.deleteToken(ORGANIZATION, tokenOf(1).id), 'short'), 1);
    assert.equal(await write((tx) => tx.accounts.deleteToken(ORGANIZATION, tokenOf(1).id), 'short'), 0);
    assert.equal(await write((tx) => tx.accounts.deleteToken('another', tokenOf(2).id), 'short'), 0);
  });

  test('a deleted token stays a place in the list, for who could see it', async () => {
    const { read, write } = await prepareStore(open);
    const all = [1, 2, 3, 4, 5].map((at) => tokenOf(at, { createdAt: at, workspaceIds: ['a'] }));
    await write(async (tx) => {
      for (const token of all) await tx.accounts.insertToken(token);
      for (const token of all.slice(1, 4)) await tx.accounts.deleteToken(ORGANIZATION, token.id);
    }, 'short');
    const [oldest, , third, , newest] = all as [Token, Token, Token, Token, Token];
    const list = async (cursor: object) =>
      (await read.accounts.tokens(ORGANIZATION, { ...page, ...cursor })).rows;
    assert.deepEqual(await list({ before: third.id }), [oldest]);
    assert.deepEqual(await list({ after: third.id }), [newest]);
    assert.deepEqual(await list({ before: third.id, within: oldest }), [oldest]);
    for (const unseen of [{ userId: 'another' }, { within: tokenOf('b', { workspaceIds: ['b'] }) }]) {
      await assert.rejects(list({ before: third.id, ...unseen }), unknownCursor);
    }
    await assert.rejects(read.accounts.tokens('another', { ...page, before: third.id }), unknownCursor);
    await write((tx) => tx.accounts.insertToken(third), 'short');
    assert.equal(
      await write((tx) => tx.accounts.deleteToken(ORGANIZATION, third.id), 'short'),
      1,
      'and again',
    );
  });

  test('tokens that do no more than another: what the rule says, of every kind of key', async () => {
    const { read, write } = await prepareStore(open);
    const all = everyPowers().map((powers, at) => tokenOf(at, { ...powers, createdAt: at }));
    await write(async (tx) => {
      for (const token of all) await tx.accounts.insertToken(token);
    }, 'short');
    for (const than of all) {
      const search = { ...page, limit: all.length, within: than };
      const expected = all.filter((token) => doesNoMore(token, than)).toReversed();
      const found = await read.accounts.tokens(ORGANIZATION, search);
      const which = JSON.stringify(than);
      assert.deepEqual(
        found?.rows.map(({ id }) => id),
        expected.map(({ id }) => id),
        which,
      );
      assert.equal(found?.total, expected.length, which);
    }
    const [whole] = all;
    const limited = { ...page, within: tokenOf('limited', { workspaceIds: ['a'] }) };
    await assert.rejects(
      read.accounts.tokens(ORGANIZATION, { ...limited, before: whole?.id ?? '' }),
      unknownCursor,
    );
    assert.deepEqual(await read.accounts.token(ORGANIZATION, all[47]?.id ?? ''), all[47]);
  });

  test('a token goes alone, or with all that descend from it; who is left stays in its line', async () => {
    const { read, write } = await prepareStore(open);
    // 0 made 1, which made 2 and 3, which made 4; 5 stands alone.
    const parents = [null, 0, 1, 1, 3, null];
    const all = parents.map((parent, at) => {
      const parentId = parent === null ? null : tokenOf(parent).id;
      return tokenOf(at, { createdAt: at, parentId, createdByTokenId: parentId });
    });
    const left = async () => {
      const found = await read.accounts.tokens(ORGANIZATION, page);
      return found?.rows.map(({ createdAt }) => createdAt).reverse();
    };
    await write(async (tx) => {
      await tx.accounts.lockTokens(ORGANIZATION);
      for (const token of all) await tx.accounts.insertToken(token);
    }, 'short');
    const remove = (at: number, withChildren: boolean) =>
      write((tx) => tx.accounts.deleteToken(ORGANIZATION, tokenOf(at).id, { withChildren }), 'short');
    assert.equal(await remove(1, false), 1);
    assert.deepEqual(await left(), [0, 2, 3, 4, 5]);
    const second = await read.accounts.token(ORGANIZATION, tokenOf(2).id);
    assert.deepEqual([second?.parentId, second?.createdByTokenId], [tokenOf(0).id, tokenOf(1).id]);
    assert.equal(await remove(3, true), 2);
    assert.deepEqual(await left(), [0, 2, 5]);
    assert.equal(await remove(0, true), 2);
    assert.deepEqual(await left(), [5]);
    assert.equal(await remove(0, true), 0);
    assert.equal(await remove(5, false), 1);
  });

  test('users and workspaces of a list, each kind by one query', async () => {
    const { read, write } = await prepareStore(open);
    const [a, b] = [workspaceOf('name a'), workspaceOf('name b')];
    const foreign = workspaceOf('name a', uuidOf('foreign'));
    await write(async (tx) => {
      await tx.accounts.insertOrganization({ id: foreign.organizationId, name: 'foreign', pricingPlan: 1 });
      for (const workspace of [b, a]) await tx.workspaces.insert(workspace);
      await tx.workspaces.insert({ ...foreign, id: uuidOf('foreign a') });
    }, 'short');
    const users = await read.accounts.users(ORGANIZATION, [USER, USER, 'nobody']);
    assert.deepEqual([...users], [[USER, await read.accounts.user(ORGANIZATION, USER)]]);
    assert.deepEqual(await read.accounts.users('another', [USER]), new Map());
    const { workspaces } = read;
    assert.deepEqual(await workspaces.byNames(ORGANIZATION, ['name a', 'name a', 'none']), [a]);
    assert.deepEqual(await workspaces.byNames(ORGANIZATION, []), []);
    assert.deepEqual(await workspaces.among(ORGANIZATION, [b.id, a.id, uuidOf('foreign a'), 'none']), [a, b]);
    assert.equal(await workspaces.count(ORGANIZATION), 3);
    await write((tx) => tx.workspaces.markDeleted(b.id, 5), 'short');
    assert.deepEqual([...(await workspaces.names([a.id, b.id, a.id]))], [[a.id, 'name a']]);
    assert.equal(await workspaces.count(ORGANIZATION), 2);
  });

  test('workspaces in the order of bytes; a name is free again once its workspace is deleted', async () => {
    const { read, write } = await prepareStore(open);
    const names = ['b', 'B', 'ä', 'a-b', 'aa', '_', 'Z'];
    await write(async (tx) => {
      for (const name of names) assert.equal(await tx.workspaces.insert(workspaceOf(name)), true);
    }, 'short');
    const twin = { ...workspaceOf('b'), id: 'twin' };
    assert.equal(await write((tx) => tx.workspaces.insert(twin), 'short'), false);
    const found = (await read.workspaces.all(ORGANIZATION)).map((workspace) => workspace.name);
    assert.deepEqual(found, ['B', 'Z', '_', 'a-b', 'aa', 'b', 'space', 'ä']);

    const { id } = workspaceOf('b');
    const session = sessionOf(1, { workspaceId: id, expiresAt: 77 });
    const files = [1, 2, 3].map((at) => sessionFileOf(session, at));
    await write((tx) => tx.sessions.insert(session), 'short');
    await write((tx) => tx.sessionFiles.insertMany(files), 'short');
    assert.equal(await write((tx) => tx.workspaces.markDeleted(id, 50), 'short'), true);
    assert.equal(await write((tx) => tx.workspaces.markDeleted(id, 51), 'short'), false);
    assert.equal(await write((tx) => tx.files.lockWorkspace(id), 'short'), false);
    assert.equal(await write((tx) => tx.files.lockWorkspace(SPACE.id), 'short'), true);
    assert.equal(await read.workspaces.byId(id), undefined);
    assert.equal(await write((tx) => tx.workspaces.insert(twin), 'short'), true);
    await write((tx) => tx.workspaces.setPurged(id, 60), 'short');
    const deleted = { id, organizationId: ORGANIZATION, purgedAt: 60, lastExpiry: 77 };
    assert.deepEqual(await read.workspaces.deleted(), [deleted]);
    const filesLeft = async () => (await read.sessionFiles.pending(session.id, null, 10)).length;
    assert.equal(await write((tx) => tx.workspaces.removeSession(session.id, 2), 'short'), false);
    assert.equal(await filesLeft(), 1);
    assert.equal(await write((tx) => tx.workspaces.removeSession(session.id, 2), 'short'), true);
    assert.equal(await filesLeft(), 0);
    assert.equal(await read.sessions.byId(session.id), undefined);
    assert.equal(
      await write((tx) => tx.workspaces.removeSession(session.id, 2), 'short'),
      true,
      'gone already',
    );
    await write((tx) => tx.workspaces.remove(id), 'short');
    assert.deepEqual(await read.workspaces.deleted(), []);
  });

  test('turns: a workspace waits with one session, those in order have one turn at a time', async () => {
    const { read, write } = await prepareStore(open);
    const other = workspaceOf('other');
    const ended = (which: string, at: number, more = {}) =>
      sessionOf(which, { endedAt: at, closedAt: at, expiresAt: 9000, ...more });
    const parallel = { parallelProcessingEnabled: true };
    const [o1, o2, p1, p2] = [
      ended('o1', 10),
      ended('o2', 20),
      ended('p1', 30, parallel),
      ended('p2', 40, parallel),
    ];
    const alone = ended('alone', 50, { workspaceId: other.id });
    await write(async (tx) => {
      await tx.workspaces.insert(other);
      for (const session of [p2, p1, o2, o1]) await tx.sessions.insert(session);
      await tx.sessions.insert(ended('later', 2000));
      await tx.sessions.insert(sessionOf('open', { expiresAt: 9000 }));
    }, 'short');
    const callNext = (workspaceId = SPACE.id) =>
      write((tx) => tx.sessions.callNext(workspaceId, 1000), 'short');
    const take = (id: string) => write((tx) => tx.sessions.countAttempt(id), 'short');
    assert.deepEqual(await read.sessions.workspacesInLine(1000), [SPACE.id]);
    assert.equal(await callNext(other.id), undefined);
    assert.equal(await callNext(), o1.id, 'the earliest end first');
    assert.equal(await callNext(), undefined, 'one waits already');
    assert.deepEqual(await read.sessions.workspacesInLine(1000), []);
    assert.equal(await read.sessions.isAwaitedElsewhere(SPACE.id), false);
    assert.equal(await read.sessions.isAwaitedElsewhere(other.id), true);
    await take(o1.id);
    assert.equal(await read.sessions.isAwaitedElsewhere(other.id), false, 'it waits no more');
    assert.equal(await callNext(), p1.id, 'o2 waits for o1');
    await write((tx) => tx.sessions.insert(alone), 'short');
    assert.deepEqual(await read.sessions.workspacesInLine(1000), [other.id]);
    assert.equal(await callNext(other.id), alone.id);
    assert.deepEqual(await read.sessions.inTurn(10), [p1.id, alone.id, o1.id]);
    assert.deepEqual(await read.sessions.inTurn(1), [p1.id]);
    await take(p1.id);
    await write((tx) => tx.sessions.giveBack(p1.id), 'short');
    assert.equal(await callNext(), p1.id, 'back in its place of the line');
    await take(p1.id);
    await write((tx) => tx.sessions.setIngested(o1.id, 100), 'short');
    assert.equal(await callNext(), o2.id);
    await take(o2.id);
    assert.equal(await callNext(), p2.id);
    assert.equal((await read.sessions.byId(p2.id))?.attempts, 0);
    await write((tx) => tx.workspaces.markDeleted(other.id, 500), 'short');
    assert.equal(await read.sessions.isAwaitedElsewhere(SPACE.id), false);
    assert.deepEqual(await read.sessions.inTurn(10), [p2.id, o2.id, p1.id]);
  });

  test('sessions from opening to sweeping', async () => {
    const { read, write } = await prepareStore(open);
    const opened = sessionOf(1, { orphanSidecars: ["it's.meta.json"] });
    const expired = sessionOf(2, { expiresAt: 100, parallelProcessingEnabled: true });
    await write(async (tx) => {
      await tx.sessions.lockUser(USER);
      await tx.sessions.insert(opened);
      await tx.sessions.insert(expired);
    }, 'short');
    assert.deepEqual(await read.sessions.get(SPACE.id, opened.id), opened);
    assert.equal(await read.sessions.get('another', opened.id), undefined);
    assert.equal(await read.sessions.countOpen(USER, 100), 1);
    assert.deepEqual(await read.sessions.gauges({ after: -1, settled: 99, now: 100 }), {
      all: { closed: 0, expired: 1 },
      settled: { closed: 0, expired: 0 },
      open: 1,
      awaitingIngestion: 1,
      oldestAwaiting: 100,
    });
    const all = { created: 2, expired: 1 };
    const counted = await read.sessions.count(
      { workspaceId: SPACE.id },
      { after: -1, settled: 99, now: 100 },
    );
    assert.deepEqual(counted, { all, settled: { created: 2, expired: 0 } });
    const later = await read.sessions.count({ workspaceId: SPACE.id }, { after: 99, settled: 100, now: 100 });
    assert.deepEqual(later, { all: { created: 0, expired: 1 }, settled: { created: 0, expired: 1 } });
    assert.equal(await write((tx) => tx.sessions.close(expired.id, 200), 'short'), false);
    assert.equal(await write((tx) => tx.sessions.close(opened.id, 200), 'short'), true);
    assert.equal((await read.sessions.nextInOrder(SPACE.id, 300))?.id, opened.id);

    assert.equal(await write((tx) => tx.sessions.countAttempt(opened.id), 'short'), 1);
    assert.equal(await write((tx) => tx.sessions.countAttempt(opened.id), 'short'), 2);
    assert.equal(await write((tx) => tx.sessions.lockUnlisted(opened.id), 'short'), true);
    const files = [1, 2, 3].map((at) => sessionFileOf(opened, at));
    await write(async (tx) => {
      await tx.sessionFiles.insertMany(
        files.map((file, at) => (at === 2 ? { ...file, status: 'FAILED' } : file)),
      );
      await tx.sessions.setListed(opened.id, { at: 310, orphanSidecars: ['x'] });
    }, 'short');
    assert.equal(await write((tx) => tx.sessions.lockUnlisted(opened.id), 'short'), false);
    await write((tx) => tx.sessions.addOutcomes(opened.id, { finished: 2, failed: 0 }), 'short');
    assert.equal(await write((tx) => tx.sessions.setIngested(opened.id, 320), 'short'), true);
    assert.equal(await write((tx) => tx.sessions.setIngested(opened.id, 321), 'short'), false);
    const ingested = {
      ...opened,
      closedAt: 200,
      endedAt: 200,
      listedAt: 310,
      ingestedAt: 320,
      totalFiles: 3,
      finishedFiles: 2,
      failedFiles: 1,
      orphanSidecars: ['x'],
    };
    assert.deepEqual(await read.sessions.byId(opened.id), ingested);
    assert.deepEqual(await read.sessions.unswept(999, 10), []);
    assert.deepEqual(await read.sessions.unswept(1000, 10), [ingested]);
    await write((tx) => tx.sessions.setSwept(opened.id, 1001), 'short');
    assert.deepEqual(await read.sessions.unswept(1000, 10), []);
    const ids = await Array.fromAsync(read.sessions.idsOfWorkspace(SPACE.id));
    assert.deepEqual(ids, [opened.id, expired.id].sort());
    const gauges = await read.sessions.gauges({ after: 199, settled: 200, now: 300 });
    assert.deepEqual(gauges.all, { closed: 1, expired: 0 });
    assert.deepEqual(gauges.settled, { closed: 1, expired: 0 });
  });

  test('LIF.15: what has ended by its row has ended, however far behind the clock that asks', async () => {
    const { read, write } = await prepareStore(open);
    const closed = sessionOf('closed', { expiresAt: 5000, closedAt: 1045, endedAt: 1045 });
    const listed = sessionOf('listed', { expiresAt: 1040, listedAt: 1041 });
    const opened = sessionOf('opened', { expiresAt: 5000 });
    await write(async (tx) => {
      for (const session of [closed, listed, opened]) await tx.sessions.insert(session);
    }, 'short');
    const now = 1000;
    assert.deepEqual(await read.sessions.workspacesInLine(now), [SPACE.id]);
    assert.equal(await write((tx) => tx.sessions.callNext(SPACE.id, now), 'short'), listed.id);
    assert.equal((await read.sessions.nextInOrder(SPACE.id, now))?.id, listed.id);
    await write((tx) => tx.sessions.setIngested(listed.id, now), 'short');
    assert.equal((await read.sessions.nextInOrder(SPACE.id, now))?.id, closed.id);
    assert.equal(await read.sessions.countOpen(USER, now), 1);
    assert.equal(await write((tx) => tx.sessions.close(listed.id, now), 'short'), false);
    // Counted as expired once this clock says so too.
    const { all, ...states } = await read.sessions.gauges({ after: -1, settled: now - 1, now });
    assert.deepEqual(all, { closed: 1, expired: 0 });
    assert.deepEqual(states, {
      settled: { closed: 0, expired: 0 },
      open: 1,
      awaitingIngestion: 1,
      oldestAwaiting: 1045,
    });
    await write((tx) => tx.garbage.add(['at once'], AT_ONCE), 'short');
    assert.deepEqual(await read.garbage.due(0, 10), ['at once']);
  });

  test('sessions by page, in every order', async () => {
    const { read, write } = await prepareStore(open);
    const all = Array.from({ length: 7 }, (_, at) =>
      sessionOf(at, { createdAt: at, expiresAt: 500 - at, totalFiles: at % 3, failedFiles: at % 2 }),
    );
    await write(async (tx) => {
      for (const session of all) await tx.sessions.insert(session);
    }, 'short');
    const search = {
      ...page,
      workspaceId: SPACE.id,
      isExpired: false,
      now: 100,
      total: 7,
      order: 'ASC',
    } as const;
    for (const field of SESSION_SORT_FIELDS) {
      const found = await read.sessions.list({ ...search, field });
      assert.deepEqual(found?.rows.map(({ id }) => id).sort(), all.map(({ id }) => id).sort(), field);
    }
    const byFiles = await read.sessions.list({ ...search, field: 'file_count', order: 'DESC', limit: 3 });
    assert.deepEqual(
      byFiles?.rows.map(({ totalFiles, createdAt }) => [totalFiles, createdAt]),
      [
        [2, 5],
        [2, 2],
        [1, 4],
      ],
    );
    const second = await read.sessions.list({ ...search, field: 'created_at', limit: 3, pageNumber: 2 });
    assert.deepEqual(second, { rows: all.slice(3, 6), hasMore: true, total: 7 });
    const expired = await read.sessions.list({ ...search, field: 'status', isExpired: true, total: 0 });
    assert.deepEqual(expired, { rows: [], hasMore: false, total: 0 });

    const own = sessionOf('own', { tokenId: tokenOf(1).id });
    await write((tx) => tx.sessions.insert(own), 'short');
    const mine = { ...search, field: 'created_at', tokenId: tokenOf(1).id, total: 1 } as const;
    const times = { after: -1, settled: search.now, now: search.now };
    assert.equal((await read.sessions.count(mine, times)).all.created, 1);
    assert.deepEqual(await read.sessions.list(mine), { rows: [own], hasMore: false, total: 1 });
    await assert.rejects(read.sessions.list({ ...mine, before: all[0]?.id ?? '' }), unknownCursor);
    const elsewhere = { ...search, field: 'created_at', workspaceId: 'another', total: 0 } as const;
    await assert.rejects(read.sessions.list({ ...elsewhere, after: own.id }), unknownCursor);
  });

  test('sessions by page: the way to few and the way to many give the same', async () => {
    const { read, write } = await prepareStore(open);
    const now = 2 * 86_400_000_000;
    const modes = ['KEEP', 'OVERWRITE', 'FAIL'] as const;
    const all = Array.from({ length: 60 }, (_, at) =>
      sessionOf(at, {
        createdAt: now - 30 + (at >> 1),
        expiresAt: now + (at % 3 === 0 ? -1 : 1) * (at % 7),
        closedAt: at % 5 === 0 ? now - 1 : null,
        totalFiles: at % 4,
        failedFiles: at % 6,
        writeMode: modes[at % 3] as (typeof modes)[number],
      }),
    );
    await write(async (tx) => {
      for (const session of all) await tx.sessions.insert(session);
    }, 'short');
    for (const isExpired of [true, false]) {
      const matching = all.filter(({ expiresAt }) => expiresAt <= now === isExpired);
      const cursor = matching[9]?.id as string;
      // It has left the list, or is not in it yet.
      const elsewhere = all.find(({ expiresAt }) => expiresAt <= now !== isExpired) as Session;
      const pages = [
        { pageNumber: 1 },
        { pageNumber: 2 },
        { pageNumber: 9 },
        { before: cursor },
        { after: cursor },
        { before: matching.at(-1)?.id as string, after: cursor },
        { after: elsewhere.id },
      ];
      for (const field of SESSION_SORT_FIELDS) {
        for (const order of ['ASC', 'DESC'] as const) {
          for (const given of pages) {
            const search = {
              ...page,
              limit: 7,
              ...given,
              workspaceId: SPACE.id,
              isExpired,
              now,
              field,
              order,
            };
            const few = await read.sessions.list({ ...search, total: 1000 });
            const many = await read.sessions.list({ ...search, total: 1001 });
            const about = `${field} ${order} ${JSON.stringify(given)}`;
            assert.deepEqual(many && { ...many, total: 1000 }, few, about);
            if (given !== pages.at(-1)) continue;
            const { createdAt, id } = elsewhere;
            const later = (one: Session) =>
              one.createdAt > createdAt || (one.createdAt === createdAt && one.id > id);
            const expected = matching.filter(later).map((one) => one.id);
            const found = few.rows.map((one) => one.id);
            assert.equal(found.length, Math.min(7, expected.length), about);
            assert.ok(
              found.every((one) => expected.includes(one)),
              about,
            );
          }
        }
      }
      const search = { ...page, limit: 99, workspaceId: SPACE.id, isExpired, now, order: 'DESC' } as const;
      const byStatus = await read.sessions.list({ ...search, field: 'status', total: 1001 });
      const isClosed = byStatus?.rows.map(({ closedAt }) => closedAt !== null) ?? [];
      assert.deepEqual(isClosed, isClosed.toSorted(), 'closed ones come first in ascending order');
      assert.equal(isClosed.length, matching.length);
    }
  });

  test('users by id, in one question', async () => {
    const { read } = await prepareStore(open);
    const user = await read.accounts.user(ORGANIZATION, USER);
    assert.deepEqual(await read.accounts.users(ORGANIZATION, [USER, USER, 'x']), new Map([[USER, user]]));
    assert.deepEqual(await read.accounts.users('another', [USER]), new Map());
    assert.deepEqual(await read.accounts.users(ORGANIZATION, []), new Map());
  });

  test('files of a session: added once, settled, listed in order of arrival', async () => {
    const { read, write } = await prepareStore(open);
    const session = sessionOf(1);
    const files = Array.from({ length: 2000 }, (_, at) => sessionFileOf(session, at, { createdAt: at }));
    await write(async (tx) => {
      await tx.sessions.insert(session);
      await tx.sessionFiles.insertMany(files.slice(0, 5).map((file) => ({ ...file, size: 2 ** 40 })));
      await tx.sessionFiles.insertMany(files);
      await tx.sessionFiles.insertMany([]);
      await tx.sessionFiles.settle([]);
    }, 'short');
    const some = await read.sessionFiles.pending(session.id, null, 6);
    assert.deepEqual(
      some.map(({ size }) => size),
      [...Array(5).fill(2 ** 40), 5],
    );
    const { createdAt, id } = some[5] as { createdAt: number; id: string };
    assert.deepEqual(await read.sessionFiles.pending(session.id, { createdAt, id }, 1), [files[6]]);
    const outcomes = files.map(
      (file, at): SessionFileOutcome =>
        at % 2 === 0
          ? { id: file.id, status: 'FINISHED', fileId: `file ${at}` }
          : { id: file.id, status: 'FAILED', reason: 'EMPTY_FILE', message: `It's empty: ${at}` },
    );
    await write((tx) => tx.sessionFiles.settle(outcomes.slice(0, 1999)), 'short');
    const ids = files.map((file) => file.id);
    assert.deepEqual(await read.sessionFiles.pendingAmong(ids), new Set([ids[1999]]));
    assert.deepEqual(await read.sessionFiles.pendingAmong([]), new Set());
    const failed = await read.sessionFiles.list({
      ...page,
      sessionId: session.id,
      status: 'FAILED',
      limit: 1,
    });
    assert.equal(failed?.total, 999);
    assert.deepEqual(failed?.rows, [
      { ...files[1], size: 2 ** 40, status: 'FAILED', reason: 'EMPTY_FILE', message: "It's empty: 1" },
    ]);
    const finished = await read.sessionFiles.list({
      ...page,
      sessionId: session.id,
      status: 'FINISHED',
      limit: 1,
    });
    assert.deepEqual(finished?.rows, [{ ...files[0], size: 2 ** 40, status: 'FINISHED', fileId: 'file 0' }]);
    // A file that has left a list, or never was in it, is a place in it; one of another session is not.
    const failures = { ...page, sessionId: session.id, status: 'FAILED', limit: 2 } as const;
    const behind = await read.sessionFiles.list({ ...failures, after: ids[10] as string });
    assert.deepEqual(
      behind.rows.map(({ id }) => id),
      [ids[11], ids[13]],
    );
    const elsewhere = read.sessionFiles.list({ ...failures, sessionId: 'another', after: ids[10] as string });
    await assert.rejects(elsewhere, unknownCursor);
  });

  test('garbage: a later time wins, and what is needed again is forgotten', async () => {
    const { read, write } = await prepareStore(open);
    const keys = Array.from({ length: 3000 }, (_, at) => `key ${at}`);
    await write((tx) => tx.garbage.add([...keys, ...keys.slice(0, 5)], 10), 'short');
    await write((tx) => tx.garbage.add(keys.slice(0, 1000), 20), 'short');
    await write((tx) => tx.garbage.add([], 5), 'short');
    assert.equal((await read.garbage.due(19, 5000)).length, 2000);
    assert.equal((await read.garbage.due(20, 5000)).length, 3000);
    assert.equal((await read.garbage.due(20, 7)).length, 7);
    assert.deepEqual(await read.garbage.among(['key 1', 'other']), new Set(['key 1']));
    await write((tx) => tx.garbage.remove(keys.slice(1)), 'short');
    await write((tx) => tx.garbage.remove([]), 'short');
    assert.deepEqual(await read.garbage.due(20, 10), ['key 0']);
    await write((tx) => tx.garbage.hasten(['key 0', 'key 1'], 3), 'short');
    assert.deepEqual(await read.garbage.due(3, 10), ['key 0']);
  });

  test('keys of objects in the order of bytes, and a walk that is given up', async () => {
    const { read, write } = await prepareStore(open);
    const keys = Array.from({ length: 3000 }, (_, at) => `${['a', 'B', 'ä', '_'][at % 4]}/${at}`);
    const files = keys.map((objectKey, at) =>
      fileOf(at, { workspaceId: SPACE.id, objectKey, temporaryUntil: at % 9 === 0 ? 5 : null }),
    );
    await write((tx) => tx.files.insertMany(files), 'short');
    const found = await Array.fromAsync(read.files.objectKeys(SPACE.id));
    const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
    assert.deepEqual(found, keys.toSorted(byBytes));
    // More walks than there are connections.
    for (let walk = 0; walk < 20; walk++) {
      for await (const key of read.files.objectKeys(SPACE.id)) {
        assert.equal(key, found[0]);
        break;
      }
    }
    assert.deepEqual(await Array.fromAsync(read.files.objectKeys('no workspace')), []);
  });
};
