import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileOf } from '../store/file-fixture.ts';
import { type OpenStore, prepareStore, SPACE, sessionOf, USER } from '../store/store-fixture.ts';

const END = 100;

/** Every statement has things end and fall due at the same instant: the very one that is given, as `sessionStatus` has it. */
export const instantTests = (open: OpenStore): void => {
  test('LIF.15: at the instant of its expiry a session has expired, whoever is asked', async (t) => {
    const store = await prepareStore(open);
    t.after(() => store.close());
    const session = sessionOf('s', { expiresAt: END });
    await store.write((tx) => tx.sessions.insert(session), 'short');
    const { sessions } = store.read;

    const seenAt = async (now: number) => {
      const list = async (isExpired: boolean) => {
        const page = { limit: 10, pageNumber: null, before: null, after: null };
        const order = { field: 'created_at', order: 'ASC' } as const;
        const search = { ...page, ...order, workspaceId: SPACE.id, isExpired, now, total: 1 };
        const [few, many] = [await sessions.list(search), await sessions.list({ ...search, total: 1001 })];
        assert.equal(few?.rows.length, many?.rows.length, 'either way');
        return few?.rows.length;
      };
      const times = { after: 0, settled: 0, now };
      const gauges = await sessions.gauges(times);
      return {
        open: [await sessions.countOpen(USER, now), gauges.open, await list(false)],
        expired: [
          (await sessions.count({ workspaceId: SPACE.id }, times)).all.expired,
          gauges.all.expired,
          gauges.awaitingIngestion,
          (await sessions.workspacesInLine(now)).length,
          (await sessions.nextInOrder(SPACE.id, now)) === undefined ? 0 : 1,
          await list(true),
        ],
      };
    };
    assert.deepEqual(await seenAt(END - 1), { open: [1, 1, 1], expired: [0, 0, 0, 0, 0, 0] });
    for (const now of [END, END + 1]) {
      assert.deepEqual(await seenAt(now), { open: [0, 0, 0], expired: [1, 1, 1, 1, 1, 1] });
      assert.equal(await store.write((tx) => tx.sessions.close(session.id, now), 'short'), false);
    }
    assert.equal(await store.write((tx) => tx.sessions.close(session.id, END - 1), 'short'), true);
  });

  test('what is due is due at its very instant', async (t) => {
    const store = await prepareStore(open);
    t.after(() => store.close());
    const swept = sessionOf('swept', { expiresAt: END, closedAt: 50, ingestedAt: 60 });
    const temporary = fileOf('temporary', { workspaceId: SPACE.id, temporaryUntil: END });
    await store.write(async (tx) => {
      await tx.sessions.insert(swept);
      await tx.garbage.add(['garbage'], END);
      await tx.files.lockWorkspace(SPACE.id);
      await tx.files.insertMany([temporary]);
    }, 'short');
    const { sessions, garbage, files } = store.read;
    const dueAt = async (now: number) => [
      (await sessions.unswept(now, 10)).length,
      (await garbage.due(now, 10)).length,
      (await files.temporaryUntil(now, 10)).length,
    ];
    assert.deepEqual(await dueAt(END - 1), [0, 0, 0]);
    assert.deepEqual(await dueAt(END), [1, 1, 1]);
  });
};
