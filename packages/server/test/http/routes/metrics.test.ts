import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHarness } from '../../../../../testing/server/harness.ts';
import { openTemporaryStore } from '../../../../../testing/store/open-sqlite-store.ts';
import { prepareStore, sessionOf } from '../../../../../testing/store/store-fixture.ts';
import { gaugeHealth } from '../../../src/http/health-gauge.ts';
import { createMetrics, gaugeRows } from '../../../src/http/routes/metrics.ts';

test('while rows and jobs cannot be read, the other metrics are told all the same', async (t) => {
  const { jobs } = (await startHarness(t)).server;
  const store = await prepareStore(() => openTemporaryStore());
  let isAway = false;
  const counts = () => (isAway ? Promise.reject(new Error('away')) : jobs.counts());
  const metrics = createMetrics();
  gaugeRows(metrics, { store, jobs: { ...jobs, counts }, clock: () => 1000 });
  const names = async () => {
    const lines = (await metrics.registry.metrics()).split('\n');
    return lines
      .filter((line) => /^sluice_(sessions|jobs|oldest|rows)/.test(line))
      .map((line) => line.split(' ')[0]);
  };
  const there = [
    'sluice_rows_readable',
    'sluice_sessions{state="open"}',
    'sluice_sessions{state="closed"}',
    'sluice_sessions{state="expired"}',
    'sluice_sessions_awaiting_ingestion',
    'sluice_oldest_awaiting_session_seconds',
    'sluice_jobs{state="waiting"}',
    'sluice_jobs{state="running"}',
    'sluice_jobs{state="dead"}',
  ];
  assert.deepEqual(await names(), there);
  const waiting = async () =>
    /^sluice_sessions_awaiting_ingestion (.*)$/m.exec(await metrics.registry.metrics())?.[1];
  await store.write((tx) => tx.sessions.insert(sessionOf('ended', { endedAt: 500, closedAt: 500 })), 'short');
  assert.equal(await waiting(), '1', 'as it is, not as it was the last time somebody asked');
  isAway = true;
  await store.close();
  assert.deepEqual(await names(), ['sluice_rows_readable']);
  assert.match(await metrics.registry.metrics(), /^sluice_rows_readable 0$/m);
  assert.match(await metrics.registry.metrics(), /^process_cpu_seconds_total /m);
});

test('each part says whether it can be used, also one that does not answer at all', async () => {
  const metrics = createMetrics();
  let isAway = false;
  gaugeHealth(
    metrics,
    {
      database: async () => {},
      store: async () => {
        if (isAway) throw new Error('away');
      },
      folder: () => (isAway ? new Promise(() => {}) : Promise.resolve()),
    },
    5,
  );
  const told = async () => {
    const text = await metrics.registry.metrics();
    return [...text.matchAll(/^sluice_healthy\{part="(\w+)"\} (\d)$/gm)].map(
      ([, part, value]) => `${part}${value}`,
    );
  };
  assert.deepEqual(await told(), ['database1', 'store1', 'folder1']);
  isAway = true;
  assert.deepEqual(await told(), ['database1', 'store0', 'folder0']);
});

test('what alerts count is 0 before the first failure, which would else be no increase', async () => {
  const text = await createMetrics().registry.metrics();
  for (const series of [
    'sluice_job_failures_total{kind="ingest"}',
    'sluice_job_failures_total{kind="sweep"}',
    'sluice_job_tries_failed_total{kind="ingest",cause="store_refused"}',
    'sluice_job_tries_failed_total{kind="queue",cause="database"}',
    'sluice_job_tries_failed_total{kind="object_writer",cause="other"}',
    'sluice_http_server_errors_total',
    'sluice_form_uploads_total{outcome="ServiceUnavailable"}',
    'sluice_files_ingested_total{outcome="FINISHED"}',
    'sluice_files_ingested_total{outcome="UNKNOWN_ERROR"}',
    'sluice_files_ingested_total{outcome="EMPTY_FILE"}',
  ]) {
    assert.ok(text.split('\n').includes(`${series} 0`), series);
  }
});
