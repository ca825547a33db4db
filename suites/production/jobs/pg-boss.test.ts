import assert from 'node:assert/strict';
import { test } from 'node:test';
import { migrateJobs } from '../../../packages/server/src/jobs/pg-boss.ts';
import { jobQueueContract } from '../../../testing/contracts/job-queue-contract.ts';
import { freshDatabase } from '../../../testing/production/production-services.ts';
import { query } from '../../../testing/production/query.ts';
import { openQueue } from './open-queue.ts';

jobQueueContract('pg-boss', async (t) => openQueue(t, await freshDatabase()));

test('what one process adds wakes a worker in another', async (t) => {
  const url = await freshDatabase();
  const { queue: worker } = await openQueue(t, url);
  const { queue: server } = await openQueue(t, url, false);
  let from = 0;
  let done = Promise.withResolvers<number>();
  worker.start(async (job) => {
    if (job.kind === 'ingest') done.resolve(performance.now() - from);
  });
  const waits: number[] = [];
  for (let at = 0; at < 10; at++) {
    done = Promise.withResolvers();
    from = performance.now();
    server.enqueue({ kind: 'ingest', sessionId: `s${at}` });
    waits.push(await done.promise);
  }
  t.diagnostic(`milliseconds from enqueue to start: ${waits.map((wait) => wait.toFixed(0)).join(' ')}`);
});

test('ten processes that start at once make the tables once', async (t) => {
  const url = await freshDatabase();
  await Promise.all(Array.from({ length: 10 }, () => migrateJobs(url)));
  const { queue } = await openQueue(t, url);
  queue.enqueue({ kind: 'collect_garbage' });
  assert.equal((await queue.counts()).dead, 0);
});

test('tables of a newer version are refused, and stay as they are', async () => {
  const url = await freshDatabase();
  await migrateJobs(url);
  await query(url, 'update sluice_jobs.version set version = 10000');
  await assert.rejects(migrateJobs(url), /sluice_jobs.* newer version of Sluice \(10000, .*Run that version/);
  assert.deepEqual(await query(url, 'select version from sluice_jobs.version'), [{ version: 10000 }]);
});

test('what a stopping worker did not finish goes to another', async (t) => {
  const url = await freshDatabase();
  const { queue: first } = await openQueue(t, url);
  const started = Promise.withResolvers<void>();
  first.start(async (job, signal) => {
    if (job.kind !== 'ingest') return;
    started.resolve();
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    signal.throwIfAborted();
  });
  first.enqueue({ kind: 'ingest', sessionId: 's' });
  await started.promise;
  await first.stop();
  const { queue: second } = await openQueue(t, url);
  const taken = Promise.withResolvers<void>();
  second.start(async (job) => {
    if (job.kind === 'ingest' && job.sessionId === 's') taken.resolve();
  });
  await taken.promise;
});
