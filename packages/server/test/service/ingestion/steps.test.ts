import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SPACE } from '../../../../../testing/store/store-fixture.ts';
import { oneWorkspace } from './one-workspace.ts';

test('LIF.4: an upload that is in before the seal is in the list', async (t) => {
  const h = await oneWorkspace(t);
  const id = await h.end('s', 1000, ['a.txt']);
  const ingest = h.ingestion({
    seal: async (prefix) => {
      await h.put(id, 'last.txt');
      await h.objects.seal(prefix);
    },
  });
  await ingest(id);
  assert.deepEqual(await h.outcomes(id), ['a.txt FINISHED', 'last.txt FINISHED']);
});

test('LIF.7: of two workers that take in the same files one settles them', async (t) => {
  const h = await oneWorkspace(t);
  const id = await h.end('s', 1000, ['a.txt']);
  const other = h.ingestion();
  const ingest = h.ingestion({
    move: async (moves) => {
      const outcomes = await h.objects.move(moves);
      await other(id);
      return outcomes;
    },
  });
  await ingest(id);
  assert.deepEqual(await h.outcomes(id), ['a.txt FINISHED']);
  assert.equal((await h.store.read.sessions.byId(id))?.finishedFiles, 1);
  assert.equal((await h.store.read.workspaces.byId(SPACE.id))?.fileCount, 1);
});
