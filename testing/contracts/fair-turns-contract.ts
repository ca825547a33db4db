import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { HOUR } from '../../packages/server/src/domain/instant.ts';
import { uploadPrefix } from '../../packages/server/src/domain/object-keys.ts';
import type { Session } from '../../packages/server/src/domain/session.ts';
import { uuidAt } from '../../packages/server/src/domain/uuid.ts';
import { createJobHandler } from '../../packages/server/src/service/job-handler.ts';
import type { JobQueue } from '../../packages/server/src/service/ports/jobs.ts';
import type { ObjectStore } from '../../packages/server/src/service/ports/objects.ts';
import type { Store } from '../../packages/server/src/service/ports/store.ts';
import { createPutFiles } from '../../packages/server/src/service/put-files.ts';
import { SILENT } from '../../packages/server/src/service/silent-observer.ts';
import { inChunks } from '../objects/bytes.ts';
import { idlePorts } from '../store/idle-ports.ts';
import { ORGANIZATION, prepareStore, sessionOf, workspaceOf } from '../store/store-fixture.ts';

/** A store and a queue that has not been started, with so many places for sessions. */
export type OpenTurns = (t: TestContext, places: number) => Promise<{ store: Store; jobs: JobQueue }>;

const BATCH_SIZE = 5;

/** Turns go round among workspaces, over every store and queue. Told by what comes before what, never by a clock. */
export const fairTurns = (name: string, open: OpenTurns): void => {
  const setUp = async (t: TestContext, places: number) => {
    const opened = await open(t, places);
    const { jobs } = opened;
    const store = await prepareStore(async () => opened.store);
    const { objects } = await idlePorts(t);
    let now = 5000;
    /** The name of the session of each batch, in the order in which they begin. */
    const batches: string[] = [];
    const names = new Map<string, string>();
    let onBatch = async (_session: string): Promise<void> => {};
    const watched: ObjectStore = {
      ...objects,
      move: async (moves) => {
        const session = [...names].find(([prefix]) => moves[0]?.from.startsWith(prefix))?.[1] ?? '';
        batches.push(session);
        await onBatch(session);
        return objects.move(moves);
      },
    };
    const clock = () => now++;
    const handle = createJobHandler({
      store,
      objects: watched,
      jobs,
      clock,
      observer: SILENT,
      putFiles: createPutFiles({ clock, newId: () => uuidAt(now++), temporaryFor: HOUR }),
      batchSize: BATCH_SIZE,
      maxFilesPerSession: 1000,
    });
    const sessions: Session[] = [];
    const workspaces = ['a', 'b', 'c'].map((which) => workspaceOf(which));
    await store.write(async (tx) => {
      for (const workspace of workspaces) await tx.workspaces.insert(workspace);
    }, 'short');
    return {
      store,
      jobs,
      batches,
      onBatch: (act: typeof onBatch) => {
        onBatch = act;
      },
      /** A session that has ended, the later the later it is made: `a3` is one of workspace `a`. */
      end: async (which: string, files: number, parallel = true) => {
        const workspaceId = workspaceOf(which.charAt(0)).id;
        const at = 1000 + sessions.length;
        const session = sessionOf(which, {
          workspaceId,
          closedAt: at,
          endedAt: at,
          expiresAt: 9000,
          parallelProcessingEnabled: parallel,
        });
        sessions.push(session);
        const prefix = uploadPrefix(ORGANIZATION, workspaceId, session.id);
        names.set(prefix, which);
        for (let file = 0; file < files; file++) {
          await objects.put(`${prefix}${which}-${file}.txt`, inChunks(Buffer.from(which), 100));
        }
        const called = await store.write(async (tx) => {
          await tx.sessions.insert(session);
          return tx.sessions.callNext(workspaceId, clock());
        }, 'short');
        if (called !== undefined) jobs.enqueue({ kind: 'ingest', sessionId: called });
      },
      run: async () => {
        jobs.start(handle);
        await jobs.idle();
        for (const { id, workspaceId } of sessions) {
          const session = await store.read.sessions.byId(id);
          assert.notEqual(session?.ingestedAt, null);
          assert.equal(session?.finishedFiles, session?.totalFiles);
          assert.ok((await store.read.workspaces.byId(workspaceId))?.fileCount);
        }
      },
    };
  };

  test(`${name}: thirty sessions of one workspace keep one of another waiting for a batch each, not for all`, async (t) => {
    const h = await setUp(t, 4);
    for (let at = 0; at < 30; at++) await h.end(`a${at}`, 10);
    await h.end('b', 1);
    await h.run();
    assert.equal(h.batches.length, 61);
    assert.ok(h.batches.indexOf('b') <= 4 + 2, h.batches.join(' '));
  });

  test(`${name}: sessions that hold all places give way after the batch they are at`, async (t) => {
    const h = await setUp(t, 4);
    for (let at = 0; at < 6; at++) await h.end(`a${at}`, 60);
    let came = 0;
    h.onBatch(async () => {
      if (h.batches.length !== 8) return;
      await h.end('b', 1);
      came = h.batches.length;
    });
    await h.run();
    assert.ok(came > 0);
    const waited = h.batches.indexOf('b') - came;
    assert.ok(waited <= 4 + 2, `${waited}: ${h.batches.join(' ')}`);
    assert.equal(h.batches.length, 6 * 12 + 1, 'no batch twice');
  });

  test(`${name}: one place goes round`, async (t) => {
    const h = await setUp(t, 1);
    for (const workspace of ['a', 'b', 'c']) {
      for (let at = 0; at < 5; at++) await h.end(`${workspace}${at}`, 1, at % 2 === 0);
    }
    await h.run();
    const turns = h.batches.map((session) => session.charAt(0)).join('');
    assert.equal(h.batches.length, 15);
    for (let at = 0; at < 15; at += 3) assert.equal(new Set(turns.slice(at, at + 3)).size, 3, turns);
  });

  test(`${name}: those in order stay in order, and those beside them starve none`, async (t) => {
    const h = await setUp(t, 2);
    for (let at = 0; at < 4; at++) {
      await h.end(`a${at}`, 12, false);
      await h.end(`ap${at}`, 12);
      await h.end(`b${at}`, 12, false);
    }
    await h.run();
    for (const workspace of ['a', 'b']) {
      const inOrder = h.batches.filter((session) => new RegExp(`^${workspace}\\d`).test(session));
      assert.deepEqual(inOrder, inOrder.toSorted());
      assert.equal(inOrder.length, 12);
    }
    assert.ok(h.batches.indexOf('a1') < h.batches.indexOf('ap3'), h.batches.join(' '));
  });

  test(`${name}: a workspace alone has all places`, async (t) => {
    const h = await setUp(t, 4);
    for (let at = 0; at < 6; at++) await h.end(`a${at}`, 1);
    const all = Promise.withResolvers<void>();
    h.onBatch(async () => {
      if (h.batches.length === 4) all.resolve();
      await all.promise;
    });
    await h.run();
    assert.equal(h.batches.length, 6);
  });
};
