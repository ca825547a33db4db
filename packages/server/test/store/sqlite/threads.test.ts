import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { fileOf, searchFor } from '../../../../../testing/store/file-fixture.ts';
import { openTemporaryStore } from '../../../../../testing/store/open-sqlite-store.ts';
import { prepareStore, SPACE, sessionOf } from '../../../../../testing/store/store-fixture.ts';
import { parseFilter } from '../../../src/domain/odata/parse.ts';
import type { Store } from '../../../src/service/ports/store.ts';
import { openSqliteStore } from '../../../src/store/sqlite/store.ts';
import type { StartWorker } from '../../../src/store/sqlite/thread.ts';
import { temporaryFolder } from '../../objects/temporary-folder.ts';

const WORKER = new URL('../../../src/store/sqlite/worker.ts', import.meta.url);

/** A store of which the threads can be ended; they are writing, quick, then those for dear reads. */
const openWithThreads = async () => {
  const threads: Worker[] = [];
  let fails = false;
  const startWorker: StartWorker = (workerData) => {
    const thread = fails
      ? new Worker('throw new Error("no")', { eval: true })
      : new Worker(WORKER, { workerData });
    threads.push(thread);
    return thread;
  };
  const store = await prepareStore(() => openTemporaryStore({ startWorker }));
  return {
    store,
    threads,
    failToStart: (value: boolean) => {
      fails = value;
    },
  };
};

const unavailable = { code: 'STORAGE_UNAVAILABLE' };
const idsOf = async (store: Store) =>
  (await Array.fromAsync(store.read.sessions.idsOfWorkspace(SPACE.id))).sort();

test('if the thread that writes dies, its transaction is lost whole, and a new one takes over', async () => {
  const { store, threads } = await openWithThreads();
  const kept = sessionOf('kept');
  await store.write((tx) => tx.sessions.insert(kept), 'short');
  const lost = store.write(async (tx) => {
    await tx.sessions.insert(sessionOf('lost'));
    await threads[0]?.terminate();
    await tx.sessions.insert(sessionOf('in another thread'));
  }, 'short');
  const next = sessionOf('next');
  const waiting = store.write((tx) => tx.sessions.insert(next), 'short');
  await assert.rejects(lost, unavailable);
  await waiting;
  assert.deepEqual(await idsOf(store), [kept.id, next.id].sort());
});

test('if a thread that reads dies, what it was asked fails clearly, and a new one takes over', async () => {
  const { store, threads, failToStart } = await openWithThreads();
  await store.ping();
  const asked = Array.from({ length: 20 }, () => store.ping());
  await threads[1]?.terminate();
  for (const one of await Promise.allSettled(asked)) {
    if (one.status === 'rejected') assert.equal(one.reason.code, 'STORAGE_UNAVAILABLE');
  }
  await store.ping();

  failToStart(true);
  await threads.at(-1)?.terminate();
  for (let time = 0; time < 3; time++) await assert.rejects(store.ping(), unavailable);
  failToStart(false);
  await store.ping();
});

test('errors come from threads as they are', async () => {
  const { store } = await openWithThreads();
  const insert = (id: string) => store.write((tx) => tx.sessions.insert(sessionOf(id)), 'short');
  await insert('twice');
  await assert.rejects(insert('twice'), /UNIQUE constraint failed: upload_session.id/);
  await store.ping();
});

test('while another process has the lock, a write waits for it in its thread and reads go on', async (t) => {
  const path = join(await temporaryFolder(t), 'sluice.db');
  const store = await prepareStore(() => openSqliteStore(path));
  t.after(store.close);
  const other = new DatabaseSync(path);
  t.after(() => other.close());
  other.exec('begin immediate');
  let written = false;
  const writing = store
    .write((tx) => tx.sessions.insert(sessionOf('one')), 'short')
    .then(() => {
      written = true;
    });
  assert.equal((await store.read.workspaces.byId(SPACE.id))?.name, SPACE.name);
  assert.equal(written, false);
  other.exec('commit');
  await writing;
});

test('after it is closed nothing is done any more', async () => {
  const { store, threads } = await openWithThreads();
  await store.read.sessions.gauges({ after: -1, settled: 0, now: 1 });
  const ended = threads.map((thread) => new Promise((resolve) => thread.once('exit', resolve)));
  await store.close();
  await Promise.all(ended);
  await assert.rejects(store.ping(), unavailable);
  await assert.rejects(
    store.write((tx) => tx.workspaces.all(''), 'short'),
    unavailable,
  );
});

test('a filter that takes too long is refused, and nothing else is', async () => {
  const store = await prepareStore(() => openTemporaryStore({ queryMs: 1 }));
  const files = Array.from({ length: 10_000 }, (_, at) =>
    fileOf(at, { workspaceId: SPACE.id, metadata: { key: `k${at}` } }),
  );
  await store.write((tx) => tx.files.insertMany(files), 'batch');
  const filter = parseFilter(Array.from({ length: 20 }, (_, at) => `contains(key,'x${at}')`).join(' or '));
  const search = { ...searchFor({ filter }), workspaceId: SPACE.id };
  const page = { sort: { field: 'created_at', order: 'ASC' }, limit: 10, offset: 0 } as const;
  const tooDear = { code: 'QUERY_TOO_DEAR' };
  await assert.rejects(store.read.files.count(search), tooDear);
  await assert.rejects(store.read.files.list(search, page), tooDear);
  assert.equal((await store.read.workspaces.byId(SPACE.id))?.fileCount, 10_000);
});
