import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { inChunks } from '../../../../../testing/objects/bytes.ts';
import { idlePorts } from '../../../../../testing/store/idle-ports.ts';
import { openTemporaryStore } from '../../../../../testing/store/open-sqlite-store.ts';
import {
  ORGANIZATION,
  prepareStore,
  SPACE,
  sessionFileOf,
  sessionOf,
} from '../../../../../testing/store/store-fixture.ts';
import { DomainError } from '../../../src/domain/errors.ts';
import { AT_ONCE, HOUR, SECOND } from '../../../src/domain/instant.ts';
import { uploadPrefix } from '../../../src/domain/object-keys.ts';
import { uuidAt } from '../../../src/domain/uuid.ts';
import { createGarbageCollector } from '../../../src/service/cleanup/garbage.ts';
import { createIngestion } from '../../../src/service/ingestion/ingest.ts';
import { withinMemory } from '../../../src/service/ingestion/take-batch.ts';
import type { Job } from '../../../src/service/ports/jobs.ts';
import type { ObjectStore } from '../../../src/service/ports/objects.ts';
import { createPutFiles } from '../../../src/service/put-files.ts';
import { SILENT } from '../../../src/service/silent-observer.ts';

const MIB = 1024 ** 2;
const signal = new AbortController().signal;

/** Rows and real objects that no job touches; `spoil` puts something between them and the ingestion. */
const setUp = async (t: TestContext) => {
  const { objects, jobs } = await idlePorts(t);
  const store = await prepareStore(() => openTemporaryStore());
  t.after(() => store.close());
  let now = 2000;
  const told: { job: Job; error: unknown }[] = [];
  const tries: unknown[] = [];
  const context = {
    store,
    clock: () => now++,
    observer: {
      ...SILENT,
      jobFailed: (job: Job, error: unknown) => told.push({ job, error }),
      tryFailed: (_: Job, error: unknown) => tries.push(error),
    },
  };
  const prefixOf = (id: string) => uploadPrefix(ORGANIZATION, SPACE.id, id);
  return {
    ...context,
    objects,
    told,
    tries,
    advance: (by: number) => {
      now += by;
    },
    prefixOf,
    put: (key: string, text: string) => objects.put(key, inChunks(Buffer.from(text), 100)),
    endedSession: async (which: string, uploads: Record<string, string>) => {
      const session = sessionOf(which, { closedAt: 1000 });
      await store.write((tx) => tx.sessions.insert(session), 'short');
      for (const [name, text] of Object.entries(uploads)) {
        await objects.put(prefixOf(session.id) + name, inChunks(Buffer.from(text), 100));
      }
      return session;
    },
    ingestion: (spoil: Partial<ObjectStore> = {}) =>
      createIngestion({
        ...context,
        objects: { ...objects, ...spoil },
        jobs: { ...jobs, enqueue: () => {} },
        putFiles: createPutFiles({ clock: context.clock, newId: () => uuidAt(now++), temporaryFor: HOUR }),
        batchSize: 500,
        maxFilesPerSession: 100,
      }),
    outcomes: async (sessionId: string) => {
      const page = { limit: 100, pageNumber: 1, before: null, after: null, status: null };
      const rows = (await store.read.sessionFiles.list({ ...page, sessionId }))?.rows ?? [];
      return rows.map(({ name, status, reason }) => `${name} ${reason ?? status}`).sort();
    },
  };
};

test('LIF.15: a session that a process with a clock ahead has closed is ingested at once', async (t) => {
  const h = await setUp(t);
  const session = sessionOf('s', { closedAt: 45 * SECOND, endedAt: 45 * SECOND, expiresAt: HOUR });
  await h.store.write((tx) => tx.sessions.insert(session), 'short');
  await h.put(`${h.prefixOf(session.id)}a.txt`, 'a');
  const seconds: number[] = [];
  h.observer.sessionIngested = (_, took) => seconds.push(took);
  await h.ingestion()(session.id, signal);
  assert.deepEqual(await h.outcomes(session.id), ['a.txt FINISHED']);
  assert.deepEqual(seconds, [0], 'no time is negative');
});

test('LIF.15: what a process with a clock ahead has no use for is deleted at once', async (t) => {
  const h = await setUp(t);
  await h.put('some key', 'x');
  await h.store.write((tx) => tx.garbage.add(['some key'], AT_ONCE), 'short');
  await createGarbageCollector({ ...h, clock: () => 0 })();
  assert.deepEqual(await h.objects.list('', { limit: 10 }), []);
});

test('LIF.4: a sidecar that is replaced after the list is never what was ingested', async (t) => {
  const h = await setUp(t);
  const session = await h.endedSession('s', {
    'a.txt': 'a',
    'a.txt.meta.json': '{"n":1}',
    'b.txt': 'b',
    'b.txt.meta.json': '{"n":2}',
  });
  const readMany: ObjectStore['readMany'] = async (wanted, maxBytes) => {
    await h.put(`${h.prefixOf(session.id)}a.txt.meta.json`, '{"n":3}');
    return h.objects.readMany(wanted, maxBytes);
  };
  await h.ingestion({ readMany })(session.id, signal);
  assert.deepEqual(await h.outcomes(session.id), ['a.txt UNKNOWN_ERROR', 'b.txt FINISHED']);
});

test('LIF.11: an object that the store fails at holds up no other, and fails an hour after the end', async (t) => {
  const h = await setUp(t);
  const session = await h.endedSession('s', { 'a.txt': 'a', 'bad.txt': 'b', 'c.txt': 'c' });
  const failure = new DomainError('STORAGE_UNAVAILABLE', 'Not now.');
  const move: ObjectStore['move'] = async (moves) => {
    const outcomes = await h.objects.move(moves.filter(({ from }) => !from.endsWith('bad.txt')));
    return moves.map(({ from }) => (from.endsWith('bad.txt') ? failure : outcomes.shift())) as never;
  };
  const ingest = h.ingestion({ move });
  for (let time = 0; time < 9; time++) await assert.rejects(ingest(session.id, signal), failure);
  assert.deepEqual(new Set(h.tries), new Set([failure]), 'told when it is met, before it is thrown');
  assert.deepEqual(await h.outcomes(session.id), ['a.txt FINISHED', 'bad.txt PENDING', 'c.txt FINISHED']);
  h.advance(HOUR);
  for (let time = 1; time < 5; time++) await assert.rejects(ingest(session.id, signal), failure);
  await ingest(session.id, signal);
  assert.deepEqual(await h.outcomes(session.id), [
    'a.txt FINISHED',
    'bad.txt UNKNOWN_ERROR',
    'c.txt FINISHED',
  ]);
  assert.notEqual((await h.store.read.sessions.byId(session.id))?.ingestedAt, null);
});

test('LIF.11: what the store refuses to delete keeps no session from its end, and rests an hour', async (t) => {
  const h = await setUp(t);
  const session = await h.endedSession('s', {
    'a.txt': 'a',
    'lost.txt.meta.json': '{}',
    'more.txt.meta.json': '{}',
  });
  const locked = `${h.prefixOf(session.id)}lost.txt.meta.json`;
  const spoilt: Partial<ObjectStore> = {
    delete: async (keys) => {
      if (keys.includes(locked)) throw new DomainError('STORAGE_UNAVAILABLE', 'It is locked.');
      await h.objects.delete(keys);
    },
  };
  await h.ingestion(spoilt)(session.id, signal);
  assert.notEqual((await h.store.read.sessions.byId(session.id))?.ingestedAt, null);

  const collect = createGarbageCollector({ ...h, objects: { ...h.objects, ...spoilt } });
  await collect(signal);
  const left = async () => (await h.objects.list(h.prefixOf(session.id), { limit: 9 })).map(({ key }) => key);
  assert.deepEqual(await left(), [locked]);
  assert.deepEqual(
    h.tries.map((error) => (error as Error).message),
    ['It is locked.', 'It is locked.'],
    'at the end of the session, and when the garbage is collected',
  );
  assert.equal(h.told.length, 1);
  assert.match(String(h.told[0]?.error), /1 objects cannot be deleted/);
  await collect(signal);
  assert.equal(h.told.length, 1, 'it rests');
  h.advance(HOUR);
  await createGarbageCollector(h)(signal);
  assert.deepEqual(await left(), []);
});

test('LIF.10: a store that is away loses no garbage', async (t) => {
  const h = await setUp(t);
  const away = async () => {
    throw new DomainError('STORAGE_UNAVAILABLE', 'Away.');
  };
  await h.store.write((tx) => tx.garbage.add(['a', 'b'], 0), 'short');
  const objects = { ...h.objects, delete: away, ping: away };
  await assert.rejects(createGarbageCollector({ ...h, objects })(signal), { code: 'STORAGE_UNAVAILABLE' });
  assert.deepEqual(await h.store.read.garbage.due(2000, 9), ['a', 'b']);
});

test('LIF.11: a session that may have killed its worker is ingested alone', async (t) => {
  const h = await setUp(t);
  const suspect = await h.endedSession('suspect', { 'a.txt': 'a' });
  await h.store.write((tx) => tx.sessions.countAttempt(suspect.id), 'short');
  const parallel = { parallelProcessingEnabled: true, closedAt: 1001 };
  const others = ['x', 'y'].map((which) => sessionOf(which, parallel));
  const running = new Set<string>();
  const together: number[] = [];
  await h.store.write(async (tx) => {
    for (const other of others) await tx.sessions.insert(other);
  }, 'short');
  const seal: ObjectStore['seal'] = async (prefix) => {
    running.add(prefix);
    await new Promise(setImmediate);
    if (running.has(h.prefixOf(suspect.id))) together.push(running.size);
    running.delete(prefix);
  };
  const ingest = h.ingestion({ seal });
  await Promise.all([others[0], suspect, others[1]].map((one) => ingest((one as typeof suspect).id, signal)));
  assert.deepEqual(together, [1]);
});

test('a batch holds a limited amount of sidecars, and one file at least', () => {
  const file = (sidecarSize: number | null, sidecarKey: string | null = 'k') =>
    sessionFileOf(sessionOf('s'), `${sidecarSize}`, { sidecarKey, sidecarSize });
  const count = (files: ReturnType<typeof file>[]) => withinMemory(files).length;
  assert.equal(count([]), 0);
  assert.equal(count(Array.from({ length: 2000 }, () => file(250))), 2000);
  assert.equal(count(Array.from({ length: 2000 }, () => file(1000))), 524);
  assert.equal(count(Array.from({ length: 2000 }, () => file(200_000))), 2);
  assert.equal(count(Array.from({ length: 2000 }, () => file(null))), 2, 'listed by an earlier version');
  assert.equal(count(Array.from({ length: 2000 }, () => file(null, null))), 2000);
  assert.equal(count([file(900 * MIB), file(1), file(null, null)]), 3, 'one that is too large is not read');
});
