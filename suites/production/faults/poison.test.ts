import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startFaultyProxy } from '../../../testing/objects/faulty-proxy.ts';
import { startChild } from './child-process.ts';
import { ageHeartbeats, hurryRetries } from './database.ts';
import { expectedFiles, expectFiles, expectNothingLeft, expectSession } from './expect-exact.ts';
import { drain, freshSettings, openStage, type Stage, storeAt } from './stage.ts';
import { until } from './until.ts';
import { makeUploads, putUploads, type Upload } from './uploads.ts';
import { openWorker } from './worker.ts';

const DYING_WORKER = fileURLToPath(new URL('./dying-worker.ts', import.meta.url));

/** Starts without headway that a session has. */
const TRIES = 5;

/** The client of the store asks so often before it gives up. */
const REQUESTS_PER_TRY = 5;

const closedSession = async (stage: Stage, uploads: Upload[]): Promise<string> => {
  const { id, form } = await stage.open();
  await putUploads(stage.settings, form, uploads);
  assert.equal((await stage.close(id)).status, 204);
  return id;
};

/** What becomes of an upload that is given up. An empty one has failed before, by the list. */
const poisoned = (upload: Upload): Upload =>
  upload.reason === 'EMPTY_FILE' ? upload : { ...upload, reason: 'UNKNOWN_ERROR' };

describe('sessions that come to nothing again and again', { concurrency: 3 }, () => {
  test('LIF.11: a session that kills its worker each time ends FAILED; the next one is ingested', async (t) => {
    const stage = await openStage(t, await freshSettings(storeAt(0)));
    const uploads = makeUploads(100, 'poison');
    const healthy = makeUploads(100, 'next');
    const id = await closedSession(stage, uploads);
    const next = await closedSession(stage, healthy);
    // In its first start it is listed, which is headway.
    for (let start = 0; start < 1 + TRIES; start++) {
      const worker = startChild(t, DYING_WORKER, ['objects.move', 'before', '1'], stage.settings);
      assert.equal(await worker.ended, 'SIGKILL', worker.output());
      assert.equal((await stage.call('GET', `/upload_sessions/${id}`)).body.ingested_at, null);
      await ageHeartbeats(stage.settings);
    }
    await drain(await stage.work());
    await finish(stage, [id, uploads.map(poisoned)], [next, healthy]);
  });

  test('one object that the store always fails at holds up no other, and fails after an hour, not before', async (t) => {
    const stage = await openStage(t, await freshSettings(storeAt(1)));
    const uploads = makeUploads(100, 'poison');
    const healthy = makeUploads(100, 'next');
    const id = await closedSession(stage, uploads);
    const next = await closedSession(stage, healthy);
    const proxy = await startFaultyProxy(stage.settings.SLUICE_S3_ENDPOINT as string);
    t.after(() => proxy.close());
    let refusals = 0;
    proxy.set({
      rule: ({ method, headers }) => {
        if (method !== 'PUT' || !headers['x-amz-copy-source']?.includes('poison-3.txt')) return 'pass';
        refusals += 1;
        return { status: 500 };
      },
    });
    const worker = await stage.work({ SLUICE_S3_ENDPOINT: proxy.url });
    await until(async () => {
      await hurryRetries(stage.settings);
      return refusals > REQUESTS_PER_TRY * (TRIES + 1);
    });
    const held = (await stage.call('GET', `/upload_sessions/${id}`)).body;
    assert.deepEqual([held.ingested_at, held.pending_files], [null, 1]);

    stage.advance(3600);
    await until(async () => {
      await hurryRetries(stage.settings);
      return (await stage.call('GET', `/upload_sessions/${next}`)).body.ingested_at !== null;
    });
    await drain(worker);
    const settled = uploads.map((upload) => (upload.name === 'poison-3.txt' ? poisoned(upload) : upload));
    await finish(stage, [id, settled], [next, healthy]);
  });

  test('an outage of the store that many workers meet in turn fails no session', async (t) => {
    const stage = await openStage(t, await freshSettings(storeAt(0)));
    const uploads = makeUploads(100);
    const id = await closedSession(stage, uploads);
    const proxy = await startFaultyProxy(stage.settings.SLUICE_S3_ENDPOINT as string, {
      rule: () => 'reset',
    });
    t.after(() => proxy.close());
    const workers = await Promise.all(
      Array.from({ length: TRIES + 2 }, () => openWorker(stage, { SLUICE_S3_ENDPOINT: proxy.url })),
    );
    t.after(() => Promise.all(workers.map((worker) => worker.close())));
    for (const worker of workers) await assert.rejects(worker.ingest(id), { code: 'STORAGE_UNAVAILABLE' });
    proxy.set({});
    await workers[0]?.ingest(id);
    await expectSession(stage, id, uploads);
    const worker = await stage.work();
    await drain(worker);
    await expectNothingLeft(stage, worker, await expectFiles(worker, expectedFiles(uploads)));
  });
});

/** That the first session has come to what was given up, that the next has gone well, and that nothing is left over. */
const finish = async (
  stage: Stage,
  [id, uploads]: [string, Upload[]],
  [next, healthy]: [string, Upload[]],
): Promise<void> => {
  await expectSession(stage, id, uploads);
  await expectSession(stage, next, healthy);
  const worker = await stage.work();
  await drain(worker);
  await expectNothingLeft(stage, worker, await expectFiles(worker, expectedFiles([...uploads, ...healthy])));
};
