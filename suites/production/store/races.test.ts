import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { uuidOf } from '../../../packages/server/src/domain/uuid.ts';
import type { Store } from '../../../packages/server/src/service/ports/store.ts';
import { fileOf, searchFor } from '../../../testing/store/file-fixture.ts';
import {
  ORGANIZATION,
  prepareStore,
  SPACE,
  sessionOf,
  USER,
  workspaceOf,
} from '../../../testing/store/store-fixture.ts';
import { openStore, ownDatabase } from './own-database.ts';

let stores: [Store, Store];
before(async () => {
  const { options } = await ownDatabase();
  const wide = { ...options, poolSize: 20 };
  stores = [await prepareStore(() => openStore(wide)), await openStore(wide)];
});

/** Runs so many at once, spread over two processes' worth of connections. */
const race = <T>(racers: number, work: (store: Store, which: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: racers }, (_, which) => work(stores[which % 2] as Store, which)));

test('LIF.2: of ten racers for the tenth open session, one gets it', async () => {
  const [store] = stores;
  await store.write(async (tx) => {
    for (let at = 0; at < 9; at++) await tx.sessions.insert(sessionOf(`open ${at}`));
  }, 'short');
  const opened = await race(10, ({ write }, which) =>
    write(async (tx) => {
      await tx.sessions.lockUser(USER);
      if ((await tx.sessions.countOpen(USER, 50)) >= 10) return false;
      await tx.sessions.insert(sessionOf(`racer ${which}`));
      return true;
    }, 'short'),
  );
  assert.equal(opened.filter(Boolean).length, 1);
  assert.equal(await store.read.sessions.countOpen(USER, 50), 10);
});

test('racers for workspaces do not exceed their number', async () => {
  const made = await race(20, ({ write }, which) =>
    write(async (tx) => {
      await tx.workspaces.insert(workspaceOf(`racer ${which}`));
      if ((await tx.workspaces.all(ORGANIZATION)).length > 5) throw new Error('too many');
    }, 'short').then(
      () => true,
      () => false,
    ),
  );
  assert.equal(made.filter(Boolean).length, 4, 'beside the one that was there');
});

test('FAIL: of fifty racers for a name, one gets it', async () => {
  const won = await race(50, ({ write }, which) =>
    write(async (tx) => {
      await tx.files.lockWorkspace(SPACE.id);
      if ((await tx.files.withNames(SPACE.id, ['wanted'])).size > 0) return false;
      await tx.files.insertMany([fileOf(`racer ${which}`, { workspaceId: SPACE.id, name: 'wanted' })]);
      return true;
    }, 'short'),
  );
  assert.equal(won.filter(Boolean).length, 1);
  assert.equal(await stores[0].read.files.count(searchFor({ workspaceId: SPACE.id, name: 'wanted' })), 1);
});

test('first files of a workspace from several transactions that hold no lock', async () => {
  const space = workspaceOf('unlocked', uuidOf('organization unlocked'));
  await stores[0].write(async (tx) => {
    await tx.accounts.insertOrganization({ id: space.organizationId, name: 'unlocked', pricingPlan: 1 });
    await tx.workspaces.insert(space);
  }, 'short');
  await race(20, ({ write }, which) =>
    write((tx) => tx.files.insertMany([fileOf(`unlocked ${which}`, { workspaceId: space.id })]), 'short'),
  );
  assert.equal((await stores[0].read.workspaces.byId(space.id))?.fileCount, 20);
});

test('OVERWRITE: readers see the old file or the new one, never neither and never both', async () => {
  const file = (version: number) =>
    fileOf('replaced', {
      workspaceId: SPACE.id,
      name: 'replaced',
      size: version,
      metadata: { version },
    });
  await stores[0].write((tx) => tx.files.insertMany([file(0)]), 'short');
  let done = false;
  const writing = (async () => {
    for (let version = 1; version <= 40; version++) {
      await stores[0].write(async (tx) => {
        await tx.files.lockWorkspace(SPACE.id);
        await tx.files.replace([file(version)]);
      }, 'short');
    }
    done = true;
  })();
  const search = searchFor({ workspaceId: SPACE.id, name: 'replaced' });
  const sort = { field: 'created_at', order: 'ASC' } as const;
  const { read } = stores[1];
  for (let reads = 0; !done || reads === 0; reads++) {
    const got = await read.files.get(SPACE.id, file(0).id);
    assert.equal(got?.metadata.version, got?.size);
    const listed = await read.files.list(search, { sort, limit: 10, offset: 0 });
    assert.equal(listed.length, 1);
    assert.equal(listed[0]?.metadata.version, listed[0]?.size);
  }
  await writing;
  assert.equal((await read.files.get(SPACE.id, file(0).id))?.size, 40);
});

test('two transactions that wait for each other both end: one is done again', async () => {
  const ids = [sessionOf('first').id, sessionOf('second').id] as const;
  await stores[0].write(async (tx) => {
    for (const id of ids) await tx.sessions.insert({ ...sessionOf('x'), id });
  }, 'short');
  const bothLocked = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  let runs = 0;
  const crossing = (own: 0 | 1, other: 0 | 1) =>
    stores[own].write(async (tx) => {
      runs += 1;
      await tx.sessions.countAttempt(ids[own]);
      bothLocked[own].resolve();
      await bothLocked[other].promise;
      await tx.sessions.countAttempt(ids[other]);
    }, 'short');
  await Promise.all([crossing(0, 1), crossing(1, 0)]);
  assert.ok(runs > 2, 'once, or more often where they meet again');
  const attempts = await Promise.all(
    ids.map(async (id) => (await stores[0].read.sessions.byId(id))?.attempts),
  );
  assert.deepEqual(attempts, [2, 2], 'what was undone is not counted');
});
