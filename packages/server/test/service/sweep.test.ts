import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuidOf } from '../../src/domain/uuid.ts';
import type { Job } from '../../src/service/ports.ts';
import { createSweep } from '../../src/service/sweep.ts';
import { openSqliteStore } from '../../src/store/store.ts';
import { startHarness } from '../harness.ts';
import { prepareStore, sessionOf, workspaceOf } from '../store/store-fixture.ts';

test('a sweep asks for the sessions whose turn it is, however many wait behind them', async (t) => {
  const { objects, jobs } = (await startHarness(t)).server;
  const store = await prepareStore(() => openSqliteStore(':memory:'));
  t.after(() => store.close());
  const other = workspaceOf('other');
  const parallel = { parallelProcessingEnabled: true };
  await store.write(async (tx) => {
    await tx.workspaces.insert(other);
    for (let index = 0; index < 20; index++) {
      await tx.sessions.insert(sessionOf(index, { endedAt: 100 - index, closedAt: 100 - index }));
    }
    await tx.sessions.insert(sessionOf('p1', { endedAt: 50, closedAt: 50, ...parallel }));
    await tx.sessions.insert(sessionOf('p2', { endedAt: 200, closedAt: 200, ...parallel }));
    await tx.sessions.insert(sessionOf('o1', { workspaceId: other.id, endedAt: 300, closedAt: 300 }));
    await tx.sessions.insert(sessionOf('o2', { workspaceId: other.id, endedAt: 301, closedAt: 301 }));
    await tx.sessions.insert(sessionOf('open', { expiresAt: 5000 }));
  });
  const asked: Job[] = [];
  const recording = { ...jobs, enqueue: (job: Job) => void asked.push(job) };
  const sweep = createSweep({ store, objects, jobs: recording, clock: () => 1000 });
  await sweep(new AbortController().signal);
  assert.deepEqual(
    asked,
    ['p1', '19', 'p2', 'o1'].map((which) => ({ kind: 'ingest', sessionId: uuidOf(`session ${which}`) })),
  );
});
