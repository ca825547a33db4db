import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startFaultyProxy } from '../../../testing/objects/faulty-proxy.ts';
import { type Answer, postFile } from '../../../testing/server/harness.ts';
import { startDatabaseProxy } from '../database-proxy.ts';
import type { Moment } from './arm.ts';
import { startChild, startSluiced } from './child-process.ts';
import {
  type Expected,
  expectedFiles,
  expectFiles,
  expectNothingLeft,
  expectSession,
} from './expect-exact.ts';
import { callsOf, drain, freshSettings, openStage, storeAt } from './stage.ts';
import { inParallel, makeUploads, ORPHAN_SIDECARS, putUploads, type Upload } from './uploads.ts';

const DYING_API = fileURLToPath(new URL('./dying-api.ts', import.meta.url));

type Calls = ReturnType<typeof callsOf>;

/** What a client does that a process dies of, and what it gets when it does it again, of another process. */
type Death = Moment & { act: (calls: Calls) => Promise<Answer>; again: number };

describe('what a client does while the process that serves it dies, or its answer is lost', {
  concurrency: 2,
}, () => {
  test('LIF.7: API processes killed at any step: what a client repeats happens once', async (t) => {
    const stage = await openStage(t, await freshSettings(storeAt(1)));
    const uploads = makeUploads(100);
    const sessions: string[] = [];
    const closing = async (): Promise<(calls: Calls) => Promise<Answer>> => {
      const { id, form } = await stage.open({ parallel_processing_enabled: true, write_mode: 'OVERWRITE' });
      sessions.push(id);
      await putUploads(stage.settings, form, uploads);
      return (calls) => calls.close(id);
    };
    assert.equal((await stage.send('to-delete.txt', 'x')).status, 201);
    const [{ file_id }] = (await stage.call('GET', '/files')).body.data;
    const send = (calls: Calls) => calls.send('sent.txt', 'sent directly', '?write_mode=OVERWRITE');
    const remove = (calls: Calls) => calls.call('DELETE', `/files/${file_id}`);
    const open = (calls: Calls) => calls.call('POST', '/upload_sessions', { expires_in_seconds: 60 });
    const deaths: Death[] = [
      { step: 'sessions.insert', when: 'during', nth: 1, act: open, again: 201 },
      { step: 'sessions.insert', when: 'after', nth: 1, act: open, again: 201 },
      // The first: where a session of the workspace has been called, a close queues nothing.
      { step: 'jobs.enqueue', when: 'before', nth: 1, act: await closing(), again: 409 },
      { step: 'sessions.close', when: 'during', nth: 1, act: await closing(), again: 204 },
      { step: 'sessions.close', when: 'after', nth: 1, act: await closing(), again: 409 },
      { step: 'jobs.enqueue', when: 'after', nth: 1, act: send, again: 201 },
      { step: 'garbage.add', when: 'after', nth: 1, act: send, again: 201 },
      { step: 'objects.put', when: 'after', nth: 1, act: send, again: 201 },
      { step: 'files.insertMany', when: 'during', nth: 1, act: send, again: 201 },
      { step: 'garbage.remove', when: 'after', nth: 1, act: send, again: 201 },
      { step: 'files.remove', when: 'during', nth: 1, act: remove, again: 204 },
      { step: 'files.remove', when: 'after', nth: 1, act: remove, again: 404 },
    ];
    for (const { step, when, nth, act, again } of deaths) {
      const name = `${when} ${step}`;
      const api = startChild(t, DYING_API, [step, when, String(nth)], stage.settings);
      await assert.rejects(act(callsOf(await api.url)), { message: 'fetch failed' }, name);
      assert.equal(await api.ended, 'SIGKILL', name);
      // A file that is gone was there for the first of both.
      if (act === remove && again === 204)
        assert.equal((await stage.call('GET', `/files/${file_id}`)).status, 200);
      else assert.equal((await act(stage)).status, again, name);
    }
    const worker = await stage.work();
    await drain(worker);
    for (const id of sessions) {
      await expectSession(stage, id, uploads);
      assert.equal((await stage.call('GET', `/upload_sessions/${id}`)).body.status, 'CLOSED');
    }
    assert.equal((await stage.call('GET', `/files/${file_id}`)).status, 404);
    const sent: Expected = { name: 'sent.txt', content: 'sent directly', metadata: {} };
    await expectNothingLeft(stage, worker, await expectFiles(worker, [sent, ...expectedFiles(uploads)]));
  });

  test('LIF.7: an API process killed while 1,000 files come in through it: all that was acknowledged is there', async (t) => {
    const settings = { ...(await freshSettings(storeAt(0))), SLUICE_S3_UPLOADS: 'relay' };
    const stage = await openStage(t, settings);
    const uploads = makeUploads(1000);
    const { id, form } = await stage.open();
    const first = startSluiced(t, ['serve', '--no-work'], settings);
    const url = await first.url;
    const parts = uploads.flatMap(
      ({ name, content, sidecar }) =>
        [[name, content], ...(sidecar === null ? [] : [[`${name}.meta.json`, sidecar]])] as [
          string,
          string,
        ][],
    );
    for (const name of ORPHAN_SIDECARS) parts.push([name, '{}']);
    const path = new URL(form.url).pathname;
    const repeated: [string, string][] = [];
    let acknowledged = 0;
    await inParallel(parts, 32, async (part) => {
      try {
        const { status } = await postFile({ ...form, url: url + path }, ...part);
        if (status !== 204) throw new Error(`${status}`);
        if (++acknowledged === 400) first.kill();
      } catch {
        repeated.push(part);
      }
    });
    assert.equal(await first.ended, 'SIGKILL');
    assert.ok(acknowledged >= 400 && acknowledged < parts.length);
    await inParallel(repeated, 32, async (part) => {
      assert.equal((await postFile({ ...form, url: stage.server.url + path }, ...part)).status, 204);
    });
    assert.equal((await stage.close(id)).status, 204);
    const worker = await stage.work();
    await drain(worker);
    await expectSession(stage, id, uploads);
    await expectNothingLeft(stage, worker, await expectFiles(worker, expectedFiles(uploads)));
  });

  test('LIF.1: the answer to a close is lost: repeated it is 409, and the session is ingested once', async (t) => {
    const settings = await freshSettings(storeAt(1));
    const stage = await openStage(t, settings);
    const api = startSluiced(t, ['serve', '--no-work'], settings);
    const proxy = await startFaultyProxy(await api.url);
    t.after(() => proxy.close());
    const uploads: Upload[] = makeUploads(50);
    const { id, form } = await stage.open();
    await putUploads(settings, form, uploads);
    proxy.set({ rule: () => 'lose_answer' });
    await assert.rejects(callsOf(proxy.url).close(id), { message: 'fetch failed' });
    proxy.set({});
    const again = await callsOf(proxy.url).close(id);
    assert.deepEqual(
      [again.status, again.body],
      [409, { detail: 'The upload session is closed already.', code: 'ALREADY_CLOSED' }],
    );
    const worker = await stage.work();
    await drain(worker);
    await expectSession(stage, id, uploads);
    await expectNothingLeft(stage, worker, await expectFiles(worker, expectedFiles(uploads)));
  });

  test('the answer to a commit is lost: what was committed stays, and has its bytes', async (t) => {
    const settings = await freshSettings(storeAt(0));
    const stage = await openStage(t, settings);
    const proxy = await startDatabaseProxy(settings.SLUICE_DATABASE_URL as string);
    t.after(() => proxy.close());
    const api = startSluiced(t, ['serve', '--no-work'], { ...settings, SLUICE_DATABASE_URL: proxy.url });
    const calls = callsOf(await api.url);
    const { id } = await stage.open();

    proxy.set('lose_commit');
    assert.equal((await calls.close(id)).status, 503);
    await proxy.lost();
    assert.equal((await calls.close(id)).status, 409);

    // The first commit of a single upload reserves its key, the second makes the file.
    const sending = calls.send('sent.txt', 'sent directly');
    const worker = await stage.work();
    assert.equal((await sending).status, 201);
    await drain(worker);
    for (const [nth, name] of [
      [1, 'never.txt'],
      [2, 'committed.txt'],
    ] as const) {
      assert.equal(await loseCommit(calls, proxy, name, nth), 503, name);
      await drain(worker);
    }
    const files = await expectFiles(worker, [
      { name: 'sent.txt', content: 'sent directly', metadata: {} },
      { name: 'committed.txt', content: 'content of committed.txt', metadata: {} },
    ]);
    await expectNothingLeft(stage, worker, files);
  });
});

/** Sends a file directly, and loses the answer to the nth commit of that. */
const loseCommit = async (
  calls: Calls,
  proxy: Awaited<ReturnType<typeof startDatabaseProxy>>,
  name: string,
  nth: number,
): Promise<number> => {
  proxy.set('lose_commit', nth);
  const { status } = await calls.send(name, `content of ${name}`);
  await proxy.lost();
  return status;
};
