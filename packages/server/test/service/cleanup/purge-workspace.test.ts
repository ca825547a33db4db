import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idlePorts } from '../../../../../testing/store/idle-ports.ts';
import { openTemporaryStore } from '../../../../../testing/store/open-sqlite-store.ts';
import {
  ORGANIZATION,
  prepareStore,
  SPACE,
  sessionFileOf,
  sessionOf,
} from '../../../../../testing/store/store-fixture.ts';
import { HOUR } from '../../../src/domain/instant.ts';
import { createPurge } from '../../../src/service/cleanup/purge-workspace.ts';
import type { Store } from '../../../src/service/ports/store.ts';
import type { Purge } from '../../../src/service/ports/telling.ts';

const FILES = 1200;

test('no transaction of a purge removes more than some rows, however much the workspace held', async (t) => {
  const { objects } = await idlePorts(t);
  const store = await prepareStore(() => openTemporaryStore());
  t.after(() => store.close());
  const sessions = [sessionOf(1), sessionOf(2)];
  await store.write(async (tx) => {
    for (const session of sessions) {
      await tx.sessions.insert(session);
      const files = Array.from({ length: FILES }, (_, at) => sessionFileOf(session, at));
      await tx.sessionFiles.insertMany(files);
    }
    await tx.workspaces.markDeleted(SPACE.id, 100);
  }, 'short');

  const left = async (): Promise<number> => {
    const counts = sessions.map(async ({ id }) => {
      const search = { sessionId: id, status: null, limit: 1, pageNumber: null, before: null, after: null };
      return (await store.read.sessionFiles.list(search))?.total ?? 0;
    });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count);
  };
  const removed: number[] = [];
  const watched: Store = {
    ...store,
    write: async (work, kind) => {
      const before = await left();
      const result = await store.write(work, kind);
      removed.push(before - (await left()));
      return result;
    },
  };
  const told: (string | Purge)[] = [];
  const observer = {
    purgeBegun: (id: string) => told.push(id),
    purgeDone: (purge: Purge) => told.push(purge),
  };
  const purge = createPurge({ store: watched, objects, clock: () => 1000 * HOUR, observer });
  await purge(SPACE.id, ORGANIZATION, new AbortController().signal);
  assert.equal(
    removed.reduce((sum, count) => sum + count),
    2 * FILES,
  );
  assert.deepEqual(told, [
    SPACE.id,
    { workspaceId: SPACE.id, files: 0, objects: 0, seconds: 0, final: true },
  ]);
  assert.ok(Math.max(...removed) <= 500, `${removed}`);
  assert.deepEqual(await store.read.workspaces.deleted(), []);
  assert.deepEqual(await Array.fromAsync(store.read.sessions.idsOfWorkspace(SPACE.id)), []);
});
