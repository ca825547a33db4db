import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { inChunks } from '../../../../../testing/objects/bytes.ts';
import { fileOf } from '../../../../../testing/store/file-fixture.ts';
import { idlePorts } from '../../../../../testing/store/idle-ports.ts';
import { openTemporaryStore } from '../../../../../testing/store/open-sqlite-store.ts';
import {
  ORGANIZATION,
  prepareStore,
  SPACE,
  sessionOf,
  workspaceOf,
} from '../../../../../testing/store/store-fixture.ts';
import { HOUR, type Instant, MINUTE } from '../../../src/domain/instant.ts';
import { uploadPrefix } from '../../../src/domain/object-keys.ts';
import { uuidOf } from '../../../src/domain/uuid.ts';
import { createSweep } from '../../../src/service/cleanup/sweep.ts';
import type { Job } from '../../../src/service/ports/jobs.ts';
import type { ObjectStore } from '../../../src/service/ports/objects.ts';
import type { Store } from '../../../src/service/ports/store.ts';
import { SILENT } from '../../../src/service/silent-observer.ts';

const setUp = async (t: TestContext) => {
  const { objects, jobs } = await idlePorts(t);
  const store = await prepareStore(() => openTemporaryStore());
  t.after(() => store.close());
  const asked: Job[] = [];
  const told: unknown[] = [];
  const observer = { ...SILENT, tryFailed: (_: Job, error: unknown) => told.push(error) };
  const recording = { ...jobs, enqueue: (job: Job) => void asked.push(job) };
  /** What sweeps, over these stores or others in their place. */
  const sweeper = (clock: () => Instant, given: { store?: Store; objects?: ObjectStore } = {}) => {
    const sweep = createSweep({ store, objects, jobs: recording, clock, observer, ...given });
    return () => sweep(new AbortController().signal);
  };
  return { store, objects, asked, told, sweeper };
};

/** A time at which all that the fixture's sessions could upload is late. */
const LATE = 1000 * HOUR;

const ingested = (which: string | number, expiresAt = 1000) =>
  sessionOf(which, { expiresAt, closedAt: 50, endedAt: 50, ingestedAt: 60 });

const prefixOf = (which: string | number): string =>
  uploadPrefix(ORGANIZATION, SPACE.id, sessionOf(which).id);

test('a sweep asks for the sessions whose turn it is, however many wait behind them', async (t) => {
  const { store, asked, sweeper } = await setUp(t);
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
  }, 'short');
  await sweeper(() => 1000)();
  const of = (jobs: Job[]) => jobs.map((job) => (job.kind === 'ingest' ? job.sessionId : job.kind));
  const idsOf = (...which: string[]) => which.map((one) => uuidOf(`session ${one}`));
  assert.deepEqual(of(asked).sort(), idsOf('p1', 'o1').sort(), 'the first of the line of each workspace');
  asked.length = 0;
  await sweeper(() => 1000)();
  assert.equal(asked.length, 2, 'whose jobs may have been lost');
  await store.write((tx) => tx.sessions.countAttempt(uuidOf('session p1')), 'short');
  asked.length = 0;
  await sweeper(() => 1000)();
  assert.deepEqual(of(asked), idsOf('o1', 'p1', '19'), 'the next is called when one is taken');
});

test('late uploads that the store refuses to delete hold up neither those of other sessions nor another step', async (t) => {
  const { store, objects, asked, told, sweeper } = await setUp(t);
  const [refused, late] = [`${prefixOf('refused')}a.txt`, `${prefixOf('other')}a.txt`];
  const temporary = fileOf('t', { workspaceId: SPACE.id, temporaryUntil: 1000 });
  await store.write(async (tx) => {
    await tx.sessions.insert(ingested('refused', 900));
    await tx.sessions.insert(ingested('other'));
    await tx.files.insertMany([temporary]);
  }, 'short');
  for (const key of [refused, late]) await objects.put(key, inChunks(Buffer.from('x'), 1));
  const refusing: ObjectStore = {
    ...objects,
    delete: async (keys) => {
      if (keys.includes(refused)) throw new Error('locked');
      await objects.delete(keys);
    },
  };
  await assert.rejects(sweeper(() => LATE, { objects: refusing })(), /late uploads of 1 sessions/);
  assert.equal((told[0] as Error).message, 'locked', 'told when it was met');
  const left = await objects.list(`${ORGANIZATION}/`, { limit: 10 });
  assert.deepEqual(
    left.map(({ key }) => key),
    [refused],
  );
  assert.equal(await store.read.files.get(SPACE.id, temporary.id), undefined);
  assert.deepEqual(asked, [{ kind: 'collect_garbage' }]);

  await sweeper(() => LATE)();
  assert.deepEqual(await objects.list(`${ORGANIZATION}/`, { limit: 10 }), [], 'found again');
});

test('a session is reached behind more of them than are looked at together, all of them failing', async (t) => {
  const { store, objects, sweeper } = await setUp(t);
  await store.write(async (tx) => {
    for (let at = 0; at < 101; at++) await tx.sessions.insert(ingested(at, 900));
    await tx.sessions.insert(ingested('last'));
  }, 'short');
  const failing: ObjectStore = {
    ...objects,
    ping: async () => {},
    list: async (prefix) => {
      if (prefix !== prefixOf('last')) throw new Error('damaged');
      return [];
    },
  };
  await assert.rejects(sweeper(() => LATE, { objects: failing })(), /late uploads of 101 sessions/);
  assert.equal((await store.read.sessions.unswept(LATE, 1000)).length, 101);
  assert.equal((await store.read.sessions.byId(ingested('last').id))?.sweptAt, LATE);
});

test('where the store is away, the late uploads of one session are tried, not those of all', async (t) => {
  const { store, objects, sweeper } = await setUp(t);
  await store.write(async (tx) => {
    for (let at = 0; at < 5; at++) await tx.sessions.insert(ingested(at));
  }, 'short');
  let tried = 0;
  const away = async () => {
    throw new Error('away');
  };
  const list = () => {
    tried++;
    return away();
  };
  await assert.rejects(sweeper(() => LATE, { objects: { ...objects, ping: away, list } })(), /away/);
  assert.equal(tried, 1);
});

test('each step is done though another fails, and all that failed is told', async (t) => {
  const { store, objects, asked, sweeper } = await setUp(t);
  await store.write(async (tx) => {
    await tx.sessions.insert(ingested('late'));
    await tx.garbage.add(['key'], 10);
  }, 'short');
  const fails = (what: string) => async () => {
    throw new Error(what);
  };
  const { read } = store;
  const failing: Store = {
    ...store,
    read: {
      ...read,
      sessions: { ...read.sessions, inTurn: fails('sessions') },
      files: { ...read.files, temporaryUntil: fails('files') },
    },
  };
  const rejected = await sweeper(() => LATE, { store: failing, objects })().catch((error) => error);
  assert.deepEqual(
    (rejected as AggregateError).errors.map(({ message }) => message),
    ['sessions', 'files'],
  );
  assert.deepEqual(asked, [{ kind: 'collect_garbage' }]);
  assert.deepEqual(await read.sessions.unswept(LATE, 10), []);
});

test('abandoned uploads are looked for at the first sweep, then hourly, also after a failure', async (t) => {
  const { objects, sweeper } = await setUp(t);
  const lookedAt: Instant[] = [];
  let fails = true;
  const counting: ObjectStore = {
    ...objects,
    abortAbandoned: async (before) => {
      lookedAt.push(before + objects.lateness);
      if (fails) throw new Error('refused');
      return 0;
    },
  };
  let now = LATE;
  const sweep = sweeper(() => now, { objects: counting });
  await assert.rejects(sweep(), /refused/);
  fails = false;
  for (const minutes of [1, 30, 60, 61, 62]) {
    now = LATE + minutes * MINUTE;
    await sweep();
  }
  assert.deepEqual(
    lookedAt.map((at) => (at - LATE) / MINUTE),
    [0, 60],
  );
});
