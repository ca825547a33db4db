import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ORGANIZATION, SPACE } from '../../../../../testing/store/store-fixture.ts';
import { sessionFileId } from '../../../src/domain/ingestion-plan.ts';
import { AT_ONCE } from '../../../src/domain/instant.ts';
import { fileKey } from '../../../src/domain/object-keys.ts';
import { oneWorkspace } from './one-workspace.ts';

const contentKeyOf = (sessionId: string, name: string): string =>
  fileKey(ORGANIZATION, SPACE.id, sessionFileId(sessionId, name));

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

test('the bytes of a file whose workspace went meanwhile go, too', async (t) => {
  const h = await oneWorkspace(t);
  const id = await h.end('s', 1000, ['a.txt']);
  const ingest = h.ingestion({
    move: async (moves) => {
      const outcomes = await h.objects.move(moves);
      await h.store.write((tx) => tx.workspaces.markDeleted(SPACE.id, 1500), 'short');
      return outcomes;
    },
  });
  await ingest(id);
  assert.deepEqual(await h.store.read.garbage.due(AT_ONCE, 10), [contentKeyOf(id, 'a.txt')]);
});

test('LIF.4: the bytes of a file that failed go, also where an earlier start had moved them', async (t) => {
  const h = await oneWorkspace(t);
  const id = await h.end('s', 1000, ['a.txt']);
  const putSidecar = (text: string) => h.put(id, 'a.txt.meta.json', text);
  await putSidecar('{}');
  const failure = new Error('It ends after it has moved.');
  const dying = h.ingestion({
    move: async (moves) => {
      await h.objects.move(moves);
      throw failure;
    },
  });
  await assert.rejects(dying(id), failure);
  await putSidecar('{"n":1}');
  await h.ingestion()(id);
  assert.deepEqual(await h.outcomes(id), ['a.txt UNKNOWN_ERROR']);
  assert.deepEqual(await h.store.read.garbage.due(AT_ONCE, 10), [contentKeyOf(id, 'a.txt')]);
});

test('LIF.11: a session that may have killed its worker begins when the others have ended', async (t) => {
  const h = await oneWorkspace(t);
  const other = await h.end('other', 1000, ['a.txt'], true);
  const suspect = await h.end('suspect', 1001, ['b.txt'], true);
  await h.store.write((tx) => tx.sessions.countAttempt(suspect), 'short');
  let entered = () => {};
  const isEntered = new Promise<void>((resolve) => {
    entered = resolve;
  });
  const steps: string[] = [];
  const ingest = h.ingestion({
    seal: async (prefix) => {
      const which = prefix.includes(other) ? 'other' : 'suspect';
      steps.push(`${which} begins`);
      entered();
      // As much writing as it takes the other one to begin, and more: it would, were it let in.
      for (let turn = 0; turn < 20 && which === 'other'; turn++) {
        await h.store.write((tx) => tx.sessions.forgetAttempts(other), 'batch');
      }
      steps.push(`${which} ends`);
    },
  });
  const first = ingest(other);
  await isEntered;
  await Promise.all([first, ingest(suspect)]);
  assert.deepEqual(steps, ['other begins', 'other ends', 'suspect begins', 'suspect ends']);
});
