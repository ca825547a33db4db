import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arm, type Moment } from './arm.ts';
import {
  type Expected,
  expectedFiles,
  expectFiles,
  expectNothingLeft,
  expectSession,
} from './expect-exact.ts';
import { drain, freshSettings, openStage, storeAt } from './stage.ts';
import { makeUploads, putUploads } from './uploads.ts';
import { openWorker } from './worker.ts';

const FILES = 100;

/** Where the first worker stands still while the second does all the work. */
const MOMENTS: Moment[] = [
  { step: 'sessions.countAttempt', when: 'after', nth: 1 },
  { step: 'objects.list', when: 'after', nth: 1 },
  { step: 'sessionFiles.insertMany', when: 'after', nth: 2 },
  { step: 'sessions.setListed', when: 'after', nth: 1 },
  { step: 'objects.readMany', when: 'after', nth: 1 },
  { step: 'objects.move', when: 'before', nth: 2 },
  { step: 'objects.move', when: 'after', nth: 2 },
  { step: 'sessions.addOutcomes', when: 'after', nth: 2 },
  { step: 'objects.list', when: 'after', nth: 2 },
  { step: 'objects.delete', when: 'after', nth: 1 },
  { step: 'sessions.setIngested', when: 'after', nth: 1 },
];

test('one worker stands still anywhere, another does its work, the first goes on: every file once', {
  concurrency: 3,
}, async (t) => {
  const stage = await openStage(t, await freshSettings(storeAt(1)));
  const expected: Expected[] = [];
  const each = MOMENTS.map((moment, at) => {
    const name = `${moment.when} call ${moment.nth} of ${moment.step}`;
    const writeMode = (['KEEP', 'FAIL', 'OVERWRITE'] as const)[at % 3];
    expected.push(...expectedFiles(makeUploads(FILES, `f${at}`)));
    return t.test(name, async (t) => {
      const uploads = makeUploads(FILES, `f${at}`);
      const { id, form } = await stage.open({ write_mode: writeMode, parallel_processing_enabled: true });
      await putUploads(stage.settings, form, uploads);
      await stage.close(id);

      const reached = Promise.withResolvers<void>();
      const free = Promise.withResolvers<void>();
      const slow = await openWorker(stage, {}, (ports) =>
        arm(ports, moment, () => {
          reached.resolve();
          return free.promise;
        }),
      );
      const quick = await openWorker(stage);
      t.after(() => Promise.all([slow.close(), quick.close()]));
      const late = slow.ingest(id);
      await Promise.race([reached.promise, late.then(() => assert.fail('it never stood still'))]);
      await quick.ingest(id);
      const settled = await stage.call('GET', `/upload_sessions/${id}`);
      assert.notEqual(settled.body.ingested_at, null);
      free.resolve();
      await late;

      assert.deepEqual((await stage.call('GET', `/upload_sessions/${id}`)).body, settled.body);
      await expectSession(stage, id, uploads);
    });
  });
  await Promise.all(each);
  const worker = await stage.work();
  await drain(worker);
  await expectNothingLeft(stage, worker, await expectFiles(worker, expected));
});

test('two workers on one session from the start: every file once', async (t) => {
  const stage = await openStage(t, await freshSettings(storeAt(0)));
  const uploads = makeUploads(1000);
  const { id, form } = await stage.open();
  await putUploads(stage.settings, form, uploads);
  await stage.close(id);
  const workers = await Promise.all([openWorker(stage), openWorker(stage)]);
  t.after(() => Promise.all(workers.map((worker) => worker.close())));
  await Promise.all(workers.map((worker) => worker.ingest(id)));
  await expectSession(stage, id, uploads);
  const worker = await stage.work();
  await drain(worker);
  await expectNothingLeft(stage, worker, await expectFiles(worker, expectedFiles(uploads)));
});
