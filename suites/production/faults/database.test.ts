import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import { type Postgres, startPostgres } from '../../../scripts/services/postgres.ts';
import { startFaultyProxy } from '../faulty-proxy.ts';
import { startSluiced } from './child-process.ts';
import { startDatabaseProxy } from './database-proxy.ts';
import {
  type Expected,
  expectedFiles,
  expectFiles,
  expectNothingLeft,
  expectSession,
} from './expect-exact.ts';
import { callsOf, drain, freshSettings, openStage, type Stage, storeAt } from './stage.ts';
import { until } from './until.ts';
import { makeUploads, putUploads } from './uploads.ts';

const FILES = 1000;

/** Within which an API call is answered, whatever the database does. */
const BOUND_MS = 30_000;

const IMPATIENT = { SLUICE_DATABASE_CONNECT_SECONDS: '2', SLUICE_DATABASE_STATEMENT_SECONDS: '2' };

/** A worker that moves slowly enough to be disturbed; `struck` resolves when it is in the middle of a session. */
const slowWorker = async (t: TestContext, settings: Record<string, string>) => {
  const proxy = await startFaultyProxy(settings.SLUICE_S3_ENDPOINT as string);
  t.after(() => proxy.close());
  let copies = 0;
  let middle = Promise.withResolvers<void>();
  proxy.set({
    latencyMs: 10,
    rule: ({ method, headers }) => {
      if (method === 'PUT' && headers['x-amz-copy-source'] && ++copies === 300) middle.resolve();
      return 'pass';
    },
  });
  return {
    worker: startSluiced(t, ['work'], { ...settings, SLUICE_S3_ENDPOINT: proxy.url }),
    inTheMiddle: () => middle.promise,
    again: () => {
      copies = 0;
      middle = Promise.withResolvers();
    },
  };
};

/** That every kind of call is answered by 503 in bounded time. */
const expectUnavailable = async (t: TestContext, url: string, name: string): Promise<void> => {
  const calls = callsOf(url);
  const all = {
    list: () => calls.call('GET', '/files'),
    open: () => calls.call('POST', '/upload_sessions', {}),
    send: () => calls.send('never.txt', 'never'),
    health: async () => {
      const answer = await fetch(`${url}/health`);
      return { status: answer.status, headers: answer.headers, body: await answer.json() };
    },
  };
  for (const [what, call] of Object.entries(all)) {
    const from = performance.now();
    const { status } = await call();
    const milliseconds = performance.now() - from;
    t.diagnostic(`${name}: ${what} ${status} in ${milliseconds.toFixed(0)} ms`);
    assert.equal(status, 503, what);
    assert.ok(milliseconds < BOUND_MS, what);
  }
  assert.equal((await fetch(`${url}/ready`)).status, 200);
};

const isIngested = (stage: Pick<Stage, 'call'>, id: string) => async (): Promise<boolean> => {
  const { status, body } = await stage.call('GET', `/upload_sessions/${id}`);
  return status === 200 && body.ingested_at !== null;
};

describe('a database that is away', { concurrency: 2 }, () => {
  let postgres: Postgres;
  before(async () => {
    postgres = await startPostgres();
  });
  after(() => postgres?.remove());

  test('PostgreSQL killed and restarted amid an ingestion: 503, no crash, recovery by itself, every file once', async (t) => {
    const settings = { ...(await freshSettings(storeAt(0), postgres.url)), ...IMPATIENT };
    const stage = await openStage(t, settings);
    const api = startSluiced(t, ['serve', '--no-work'], settings);
    const { worker, inTheMiddle, again } = await slowWorker(t, settings);
    const expected: Expected[] = [];
    const processes = [api, worker];
    for (const [signal, label] of [
      ['SIGKILL', 'killed'],
      ['SIGINT', 'restarted'],
    ] as const) {
      const uploads = makeUploads(FILES, label);
      const { id, form } = await stage.open();
      await putUploads(settings, form, uploads);
      assert.equal((await stage.close(id)).status, 204);
      await inTheMiddle();
      again();
      await postgres.stop(signal);
      await expectUnavailable(t, await api.url, label);
      await postgres.start();
      const back = performance.now();
      await until(isIngested(callsOf(await api.url), id));
      t.diagnostic(
        `${label}: ingested ${((performance.now() - back) / 1000).toFixed(1)} s after it was back`,
      );
      await expectSession(stage, id, uploads);
      expected.push(...expectedFiles(uploads));
    }
    for (const process of processes) process.kill('SIGTERM');
    assert.deepEqual(await Promise.all(processes.map(({ ended }) => ended)), [0, 0]);
    const survivor = await stage.work();
    await drain(survivor);
    await expectNothingLeft(stage, survivor, await expectFiles(survivor, expected));
  });
});

test('a network to PostgreSQL that swallows all: 503 in bounded time, recovery by itself, every file once', async (t) => {
  const settings = { ...(await freshSettings(storeAt(1))), ...IMPATIENT };
  const stage = await openStage(t, settings);
  const proxies = await Promise.all(
    [1, 2].map(() => startDatabaseProxy(settings.SLUICE_DATABASE_URL as string)),
  );
  t.after(() => Promise.all(proxies.map((proxy) => proxy.close())));
  const [forApi, forWorker] = proxies.map(({ url }) => ({ ...settings, SLUICE_DATABASE_URL: url }));
  const api = startSluiced(t, ['serve', '--no-work'], forApi as Record<string, string>);
  const { worker, inTheMiddle } = await slowWorker(t, forWorker as Record<string, string>);
  const uploads = makeUploads(FILES);
  const { id, form } = await stage.open();
  await putUploads(settings, form, uploads);
  const url = await api.url;
  assert.equal((await callsOf(url).close(id)).status, 204);
  await inTheMiddle();
  for (const proxy of proxies) proxy.set('hang');
  await expectUnavailable(t, url, 'swallowed');
  for (const proxy of proxies) proxy.set('pass');
  const back = performance.now();
  await until(isIngested(callsOf(url), id));
  t.diagnostic(`ingested ${((performance.now() - back) / 1000).toFixed(1)} s after it was back`);
  for (const process of [api, worker]) process.kill('SIGTERM');
  assert.deepEqual(await Promise.all([api.ended, worker.ended]), [0, 0]);
  await expectSession(stage, id, uploads);
  const survivor = await stage.work();
  await drain(survivor);
  await expectNothingLeft(stage, survivor, await expectFiles(survivor, expectedFiles(uploads)));
});
