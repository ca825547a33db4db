import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFaultyProxy } from '../../../testing/objects/faulty-proxy.ts';
import { startSluiced } from './child-process.ts';
import { API_KEY, freshSettings, openStage, storeAt } from './stage.ts';
import { until } from './until.ts';
import { makeUploads, putUploads } from './uploads.ts';

const SERIES = 'sluice_job_tries_failed_total{kind="ingest",cause="store_refused"}';

test('a worker whose every copy is refused says so at the first, counts, and is unfit until one succeeds', async (t) => {
  const stage = await openStage(t, await freshSettings(storeAt(0)));
  const { id, form } = await stage.open();
  await putUploads(stage.settings, form, makeUploads(20));
  assert.equal((await stage.close(id)).status, 204);
  const proxy = await startFaultyProxy(stage.settings.SLUICE_S3_ENDPOINT as string);
  t.after(() => proxy.close());
  const isCopy = (headers: Record<string, unknown>) => headers['x-amz-copy-source'] !== undefined;
  proxy.set({ rule: ({ headers }) => (isCopy(headers) ? { status: 403 } : 'pass') });
  const worker = startSluiced(t, ['work'], { ...stage.settings, SLUICE_S3_ENDPOINT: proxy.url });
  const ask = async (path: string) =>
    fetch((await worker.url) + path, { headers: { authorization: `Bearer ${API_KEY}` } });
  const lines = () =>
    worker
      .output()
      .split('\n')
      .filter((line) => line.includes('"a job failed and is tried again"'))
      .map((line) => JSON.parse(line));
  const tries = async (): Promise<number> => {
    const line = (await (await ask('/metrics')).text()).split('\n').find((one) => one.startsWith(SERIES));
    return Number(line?.slice(SERIES.length));
  };

  await until(async () => lines().length > 0);
  assert.deepEqual(
    lines().map(({ level, cause, job }) => ({ level, cause, job })),
    [{ level: 40, cause: 'store_refused', job: { kind: 'ingest', sessionId: id } }],
  );
  const said = await tries();
  assert.ok(said >= 1 && said <= 3, `${said}: a try counts once, however many of its files are refused`);
  await until(async () => (await ask('/health')).status === 503);
  const { status, failing } = JSON.parse(await (await ask('/health')).text());
  assert.deepEqual([status, failing[0].kind, failing[0].cause], ['failing', 'ingest', 'store_refused']);
  assert.equal((await ask('/ready')).status, 200);
  assert.ok((await tries()) > said);
  assert.ok(lines().length <= 4, 'the log is not flooded');

  proxy.set({});
  await until(async () => (await stage.call('GET', `/upload_sessions/${id}`)).body.ingested_at !== null);
  await until(async () => (await ask('/health')).status === 200);
});
