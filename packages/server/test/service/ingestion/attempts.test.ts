import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_ATTEMPTS } from '../../../src/service/ingestion/attempts.ts';
import { oneWorkspace } from './one-workspace.ts';

const failure = new Error('It does not work.');

test('LIF.11: a session may start five times without headway, and fails with the next start', async (t) => {
  const h = await oneWorkspace(t);
  const id = await h.end('s', 1000, ['a.txt', 'b.txt']);
  const ingest = h.ingestion({ move: () => Promise.reject(failure) });
  await assert.rejects(ingest(id), failure, 'this start lists it, which is headway');
  assert.equal(MAX_ATTEMPTS, 5);
  for (let start = 1; start <= MAX_ATTEMPTS; start++) {
    await assert.rejects(ingest(id), failure, `start ${start}`);
    assert.deepEqual(await h.outcomes(id), ['a.txt PENDING', 'b.txt PENDING']);
  }
  await ingest(id);
  assert.deepEqual(await h.outcomes(id), ['a.txt UNKNOWN_ERROR', 'b.txt UNKNOWN_ERROR']);
  assert.notEqual((await h.store.read.sessions.byId(id))?.ingestedAt, null);
});

test('LIF.11: one file that goes in is headway, and the starts before it are forgotten', async (t) => {
  const h = await oneWorkspace(t);
  const id = await h.end('s', 1000, ['a.txt', 'b.txt']);
  let works = false;
  const ingest = h.ingestion({
    move: (moves) =>
      works && moves.every(({ from }) => from.endsWith('a.txt'))
        ? h.objects.move(moves)
        : Promise.reject(failure),
  });
  for (let start = 0; start < MAX_ATTEMPTS; start++) await assert.rejects(ingest(id), failure);
  works = true;
  for (let start = 0; start <= MAX_ATTEMPTS; start++) {
    await assert.rejects(ingest(id), failure, `start ${start}`);
    assert.deepEqual(await h.outcomes(id), ['a.txt FINISHED', 'b.txt PENDING']);
  }
  await ingest(id);
  assert.deepEqual(await h.outcomes(id), ['a.txt FINISHED', 'b.txt UNKNOWN_ERROR']);
});

test('a session that is called before its turn waits for those that ended earlier', async (t) => {
  const h = await oneWorkspace(t);
  const later = await h.end('later', 1001, ['b.txt']);
  const earlier = await h.end('earlier', 1000, ['a.txt']);
  const ingest = h.ingestion();
  await ingest(later);
  assert.deepEqual(await h.outcomes(later), []);
  await ingest(earlier);
  await ingest(later);
  assert.deepEqual(await h.outcomes(earlier), ['a.txt FINISHED']);
  assert.deepEqual(await h.outcomes(later), ['b.txt FINISHED']);
});
