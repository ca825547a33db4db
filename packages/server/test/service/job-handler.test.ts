import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inChunks } from '../../../../testing/objects/bytes.ts';
import { idlePorts } from '../../../../testing/store/idle-ports.ts';
import { openTemporaryStore } from '../../../../testing/store/open-sqlite-store.ts';
import { ORGANIZATION, prepareStore, SPACE, sessionOf } from '../../../../testing/store/store-fixture.ts';
import { HOUR } from '../../src/domain/instant.ts';
import { uploadPrefix } from '../../src/domain/object-keys.ts';
import { uuidAt } from '../../src/domain/uuid.ts';
import { createJobHandler } from '../../src/service/job-handler.ts';
import type { Job } from '../../src/service/ports/jobs.ts';
import type { Store } from '../../src/service/ports/store.ts';
import { createPutFiles } from '../../src/service/put-files.ts';
import { SILENT } from '../../src/service/silent-observer.ts';

test('what jobs write waits for what requests write', async (t) => {
  const { objects, jobs } = await idlePorts(t);
  const store = await prepareStore(() => openTemporaryStore());
  t.after(() => store.close());
  const kinds: unknown[] = [];
  const recording: Store = {
    ...store,
    write: (work, kind) => {
      kinds.push(kind);
      return store.write(work, kind);
    },
  };
  let now = 2000;
  const handle = createJobHandler({
    store: recording,
    objects,
    jobs: { ...jobs, enqueue: () => {} },
    clock: () => now++,
    observer: SILENT,
    putFiles: createPutFiles({ clock: () => now++, newId: () => uuidAt(now++), temporaryFor: HOUR }),
    batchSize: 500,
    maxFilesPerSession: 100,
  });
  const session = sessionOf('s', { closedAt: 1000, expiresAt: 1500 });
  const late = sessionOf('late', { closedAt: 1000, expiresAt: 1500, ingestedAt: 1200 });
  await store.write(async (tx) => {
    for (const one of [session, late]) await tx.sessions.insert(one);
    await tx.garbage.add(['a key'], 0);
  }, 'short');
  const uploaded = `${uploadPrefix(ORGANIZATION, SPACE.id, session.id)}a.txt`;
  await objects.put(uploaded, inChunks(Buffer.from('a'), 1));
  const work = async (job: Job): Promise<void> => {
    await handle(job, new AbortController().signal);
  };
  await work({ kind: 'sweep' });
  await work({ kind: 'ingest', sessionId: session.id });
  await work({ kind: 'collect_garbage' });
  assert.equal((await store.read.workspaces.byId(SPACE.id))?.fileCount, 1);
  await store.write((tx) => tx.workspaces.markDeleted(SPACE.id, 1), 'short');
  await work({ kind: 'purge_workspace', workspaceId: SPACE.id, organizationId: ORGANIZATION });
  assert.deepEqual(await store.read.workspaces.deleted(), []);
  assert.ok(kinds.length > 8);
  assert.deepEqual([...new Set(kinds)], ['batch']);
});
