import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Fault, SLOW_DOWN, startFaultyProxy } from '../../../testing/objects/faulty-proxy.ts';
import { startSluiced } from './child-process.ts';
import {
  type Expected,
  expectedFiles,
  expectFiles,
  expectNothingLeft,
  expectSession,
} from './expect-exact.ts';
import { callsOf, drain, freshSettings, openStage, storeAt } from './stage.ts';
import { until } from './until.ts';
import { makeUploads, putUploads } from './uploads.ts';

/** Within which an API call is answered, whatever the store does. */
const BOUND_MS = 30_000;

/** Every so many requests go wrong, one way or the other: six in a hundred. */
const SPOILT: [number, Fault][] = [
  [71, { status: 500 }],
  [73, SLOW_DOWN],
  [79, 'reset'],
  [83, 'lose_answer'],
  [89, 'cut_answer'],
];

/** Requests that are all lost: more than the tries of a whole batch. */
const OUTAGE = { from: 700, to: 1000 };

describe('an object store that fails', { concurrency: 2 }, () => {
  test('a store that answers 500 and 503, resets, loses and cuts answers, is away, is slow: every file once', async (t) => {
    const stage = await openStage(t, await freshSettings(storeAt(1)));
    const uploads = makeUploads(1000);
    const few = makeUploads(100, 'slow');
    const proxy = await startFaultyProxy(stage.settings.SLUICE_S3_ENDPOINT as string);
    t.after(() => proxy.close());
    const done = Object.fromEntries(SPOILT.map(([every]) => [every, 0]));
    let seen = 0;
    let away = 0;
    proxy.set({
      rule: () => {
        seen += 1;
        if (seen >= OUTAGE.from && seen < OUTAGE.to) {
          away += 1;
          return 'reset';
        }
        const [every, fault] = SPOILT.find(([every]) => seen % every === 0) ?? [];
        if (every === undefined || fault === undefined) return 'pass';
        done[every] = (done[every] ?? 0) + 1;
        return fault;
      },
    });
    const session = await stage.open();
    const slow = await stage.open({ write_mode: 'FAIL' });
    await putUploads(stage.settings, session.form, uploads);
    await putUploads(stage.settings, slow.form, few);
    for (const { id } of [session, slow]) assert.equal((await stage.close(id)).status, 204);
    const worker = startSluiced(t, ['work'], { ...stage.settings, SLUICE_S3_ENDPOINT: proxy.url });
    const isIngested = (id: string) => async () =>
      (await stage.call('GET', `/upload_sessions/${id}`)).body.ingested_at !== null;
    await until(isIngested(session.id));
    assert.equal(away, OUTAGE.to - OUTAGE.from);
    for (const [every, times] of Object.entries(done)) assert.ok(times > 0, every);
    proxy.set({ latencyMs: 300 });
    await until(isIngested(slow.id));
    worker.kill('SIGTERM');
    assert.equal(await worker.ended, 0, worker.output());

    await expectSession(stage, session.id, uploads);
    await expectSession(stage, slow.id, few);
    const survivor = await stage.work();
    await drain(survivor);
    const files = await expectFiles(survivor, [...expectedFiles(uploads), ...expectedFiles(few)]);
    await expectNothingLeft(stage, survivor, files);
  });

  test('API calls that need a store that is away are answered by 503 soon, the others as ever', async (t) => {
    const settings = await freshSettings(storeAt(0));
    const stage = await openStage(t, settings);
    const proxy = await startFaultyProxy(settings.SLUICE_S3_ENDPOINT as string);
    t.after(() => proxy.close());
    const api = startSluiced(t, ['serve', '--no-work'], { ...settings, SLUICE_S3_ENDPOINT: proxy.url });
    const url = await api.url;
    const calls = callsOf(url);
    const { file_id: id } = (await calls.send('sent.txt', 'sent directly')).body;
    const expected: Expected[] = [{ name: 'sent.txt', content: 'sent directly', metadata: {} }];
    const faults: [string, Fault][] = [
      ['500', { status: 500 }],
      ['503', SLOW_DOWN],
      ['reset', 'reset'],
    ];
    for (const [name, fault] of faults) {
      const session = await calls.open();
      proxy.set({ rule: () => fault });
      const needing = {
        session: () => calls.call('GET', `/upload_sessions/${session.id}`),
        send: () => calls.send(`${name}.txt`, name, '?write_mode=OVERWRITE'),
        content: () => calls.call('GET', `/files/${id}`),
      };
      for (const [what, call] of Object.entries(needing)) {
        const from = performance.now();
        const answer = await call();
        const milliseconds = performance.now() - from;
        t.diagnostic(`${name}: ${what} ${answer.status} in ${milliseconds.toFixed(0)} ms`);
        assert.equal(answer.status, 503, `${name}: ${what}`);
        assert.ok(answer.headers.get('retry-after'));
        assert.ok(milliseconds < BOUND_MS);
      }
      assert.equal((await fetch(`${url}/health`)).status, 503);
      assert.equal((await calls.call('GET', '/files')).status, 200);
      assert.equal((await calls.close(session.id)).status, 204, 'a close needs no store');

      proxy.set({});
      for (const [what, call] of Object.entries(needing)) assert.ok((await call()).status < 300, what);
      assert.equal((await fetch(`${url}/health`)).status, 200);
      expected.push({ name: `${name}.txt`, content: name, metadata: {} });
    }
    api.kill('SIGTERM');
    assert.equal(await api.ended, 0, api.output());
    const worker = await stage.work();
    await drain(worker);
    await expectNothingLeft(stage, worker, await expectFiles(worker, expected));
  });
});
