import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import {
  type FaultyProxy,
  type ProxiedRequest,
  startFaultyProxy,
} from '../../../testing/objects/faulty-proxy.ts';
import { type Child, startSluiced } from './child-process.ts';
import { ageHeartbeats } from './database.ts';
import { expectedFiles, expectFiles, expectNothingLeft, expectSession } from './expect-exact.ts';
import { drain, freshSettings, openStage, type Stage, storeAt } from './stage.ts';
import { until } from './until.ts';
import { makeUploads, putUploads } from './uploads.ts';

const FILES = 1000;
const FEWER = 400;

/** Most of it is waiting for heartbeats that do not come; on a busy machine, for processes to start. */
const TIMEOUT_MS = 300_000;

const isCopy = ({ method, headers }: ProxiedRequest): boolean =>
  method === 'PUT' && headers['x-amz-copy-source'] !== undefined;
const isDeletion = ({ method, url }: ProxiedRequest): boolean =>
  method === 'POST' && /[?&]delete(=|&|$)/.test(url);

const closedSession = async (t: TestContext, at: number, count: number) => {
  const stage = await openStage(t, await freshSettings(storeAt(at)));
  const uploads = makeUploads(count);
  const { id, form } = await stage.open();
  await putUploads(stage.settings, form, uploads);
  await stage.close(id);
  return { stage, uploads, id };
};

/** A worker whose way to the store is watched. */
const watchedWorker = async (
  t: TestContext,
  { settings }: Stage,
  watch: (
    request: ProxiedRequest,
    worker: Child,
  ) => ReturnType<NonNullable<Parameters<FaultyProxy['set']>[0]['rule']>>,
  latencyMs = 0,
): Promise<Child> => {
  const proxy = await startFaultyProxy(settings.SLUICE_S3_ENDPOINT as string);
  t.after(() => proxy.close());
  const worker = startSluiced(t, ['work'], { ...settings, SLUICE_S3_ENDPOINT: proxy.url });
  proxy.set({ latencyMs, rule: (request) => watch(request, worker) });
  return worker;
};

const finish = async (stage: Stage, id: string, uploads: ReturnType<typeof makeUploads>): Promise<void> => {
  await expectSession(stage, id, uploads);
  const worker = await stage.work();
  await drain(worker);
  await expectNothingLeft(stage, worker, await expectFiles(worker, expectedFiles(uploads)));
};

describe('LIF.7: workers that die or stand still inside of a move', { concurrency: 3 }, () => {
  test('killed among the copies, between copies and deletion, and before the deletion is acknowledged', {
    timeout: TIMEOUT_MS,
  }, async (t) => {
    const { stage, uploads, id } = await closedSession(t, 0, FILES);
    const deaths: [string, (request: ProxiedRequest) => boolean, number, 'hang' | 'lose_answer'][] = [
      ['copy 500', isCopy, 500, 'hang'],
      ['the answer to copy 900', isCopy, 900, 'lose_answer'],
      ['the deletion', isDeletion, 1, 'hang'],
      ['the answer to the deletion', isDeletion, 1, 'lose_answer'],
    ];
    for (const [name, is, nth, fault] of deaths) {
      let seen = 0;
      const worker = await watchedWorker(t, stage, (request, worker) => {
        if (!is(request) || ++seen !== nth) return 'pass';
        // With an answer to lose, the request must be through first.
        if (fault === 'hang') worker.kill();
        else setTimeout(() => worker.kill(), 100);
        return fault;
      });
      assert.equal(await worker.ended, 'SIGKILL', `${name}: ${worker.output()}`);
      await ageHeartbeats(stage.settings);
    }
    await drain(await stage.work());
    await finish(stage, id, uploads);
  });

  for (const [signal, at] of [
    ['SIGKILL', 1],
    ['SIGSTOP', 0],
  ] as const) {
    test(`${signal}: another worker takes over by itself`, { timeout: TIMEOUT_MS }, async (t) => {
      const { stage, uploads, id } = await closedSession(t, at, FEWER);
      let [copies, from] = [0, 0];
      const struck = Promise.withResolvers<Child>();
      const watch = (request: ProxiedRequest, worker: Child) => {
        if (from === 0 && isCopy(request) && ++copies === 150) {
          from = performance.now();
          worker.kill(signal);
          struck.resolve(worker);
        }
        return 'pass' as const;
      };
      const workers = [await watchedWorker(t, stage, watch, 10), await watchedWorker(t, stage, watch, 10)];
      const victim = await struck.promise;
      await until(async () => (await stage.call('GET', `/upload_sessions/${id}`)).body.ingested_at !== null);
      const seconds = (performance.now() - from) / 1000;
      t.diagnostic(`${seconds.toFixed(1)} s from ${signal} until another worker had ingested the session`);
      assert.ok(seconds < 90);
      victim.kill('SIGCONT');
      for (const worker of workers) worker.kill('SIGTERM');
      const ends = await Promise.all(workers.map(({ ended }) => ended));
      assert.deepEqual(ends.sort(), signal === 'SIGKILL' ? [0, 'SIGKILL'] : [0, 0]);
      await finish(stage, id, uploads);
    });
  }
});
