import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDatabaseProxy } from '../database-proxy.ts';
import { startSluiced } from './child-process.ts';
import { expectedFiles, expectFiles, expectNothingLeft, expectSession } from './expect-exact.ts';
import { expectUnavailable, IMPATIENT, isIngested, slowWorker } from './outage.ts';
import { callsOf, drain, freshSettings, openStage, storeAt } from './stage.ts';
import { until } from './until.ts';
import { makeUploads, putUploads } from './uploads.ts';

const FILES = 1000;

test('a network to PostgreSQL that swallows all: 503 in bounded time, recovery by itself, every file once', async (t) => {
  const settings: Record<string, string> = { ...(await freshSettings(storeAt(1))), ...IMPATIENT };
  const stage = await openStage(t, settings);
  const proxies = await Promise.all(
    [1, 2].map(() => startDatabaseProxy(settings.SLUICE_DATABASE_URL as string)),
  );
  t.after(() => Promise.all(proxies.map((proxy) => proxy.close())));
  const [forApi, forWorker] = proxies.map(({ url }) => ({ ...settings, SLUICE_DATABASE_URL: url }));
  const api = startSluiced(t, ['serve', '--no-work'], forApi as Record<string, string>);
  const { worker, inTheMiddle } = await slowWorker(t, forWorker as Record<string, string>);
  const [url] = await Promise.all([api.url, worker.url]);
  const uploads = makeUploads(FILES);
  const { id, form } = await stage.open();
  await putUploads(settings, form, uploads);
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
