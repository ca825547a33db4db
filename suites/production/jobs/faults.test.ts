import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freshDatabase } from '../../../testing/production/production-services.ts';
import { query } from '../../../testing/production/query.ts';
import { startDatabaseProxy } from '../database-proxy.ts';
import { openQueue } from './open-queue.ts';

const HANGING_WORKER = fileURLToPath(new URL('./hanging-worker.ts', import.meta.url));

/** Longest that anything here may take to come about, in milliseconds. */
const PATIENCE = 40_000;

const until = async (condition: () => Promise<boolean> | boolean): Promise<void> => {
  const giveUpAt = Date.now() + PATIENCE;
  while (!(await condition())) {
    assert.ok(Date.now() < giveUpAt, `in vain: ${condition}`);
    await delay(50);
  }
};

test('the job of a worker that was killed goes to another within seconds', async (t) => {
  const url = await freshDatabase();
  const { queue } = await openQueue(t, url);
  const child = spawn(process.execPath, [HANGING_WORKER, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  queue.enqueue({ kind: 'ingest', sessionId: 's' });
  assert.equal(String((await once(child.stdout, 'data'))[0]), 's\n');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const from = performance.now();
  const taken = Promise.withResolvers<void>();
  queue.start(async (job) => {
    if (job.kind === 'ingest' && job.sessionId === 's') taken.resolve();
  });
  await taken.promise;
  const seconds = (performance.now() - from) / 1000;
  t.diagnostic(`taken over after ${seconds.toFixed(1)} s`);
  assert.ok(seconds < 30, `${seconds} s`);
});

test('the database away for a while: nothing throws, work goes on by itself', async (t) => {
  const direct = await freshDatabase();
  const proxy = await startDatabaseProxy(direct);
  t.after(() => proxy.close());
  const { queue, failed, complaints } = await openQueue(t, proxy.url);
  const letEnd = Promise.withResolvers<void>();
  const handled: string[] = [];
  queue.start(async (job) => {
    if (job.kind !== 'ingest') return;
    handled.push(job.sessionId);
    if (job.sessionId === 'running') await letEnd.promise;
  });
  queue.enqueue({ kind: 'ingest', sessionId: 'running' });
  await until(() => handled.includes('running'));

  proxy.set('reset');
  letEnd.resolve(); // its end cannot be written down
  for (let attempt = 1; attempt <= 3; attempt++) {
    queue.enqueue({ kind: 'ingest', sessionId: 'lost' });
    const lost = (complaint: string) => complaint.startsWith('a job (ingest) could not be queued');
    await until(() => complaints.filter(lost).length === attempt);
  }
  await assert.rejects(queue.counts());
  proxy.set('pass');

  const from = performance.now();
  queue.enqueue({ kind: 'ingest', sessionId: 'later' });
  await until(() => handled.includes('later'));
  t.diagnostic(
    `a new job started ${((performance.now() - from) / 1000).toFixed(1)} s after the end of the outage`,
  );
  const unfinished = "select from sluice_jobs.job where name = 'ingest' and state < 'completed'";
  await until(async () => (await query(direct, unfinished)).length === 0);
  t.diagnostic(`the one that ended meanwhile ran ${handled.filter((id) => id === 'running').length} times`);
  assert.ok(!handled.includes('lost'), 'that one is left to the sweep');
  assert.deepEqual(failed, [], 'what was never tried has not failed after all its tries');
});

test('the database gone for good: the queue stops all the same', async (t) => {
  const proxy = await startDatabaseProxy(await freshDatabase());
  const { queue } = await openQueue(t, proxy.url);
  queue.start(async () => {});
  await until(async () => (await queue.counts()).running === 0);
  await proxy.close();
  queue.enqueue({ kind: 'collect_garbage' });
  await queue.stop();
});

const sendWithoutWorker = async (t: TestContext, url: string, ids: string[]): Promise<void> => {
  const { queue } = await openQueue(t, url, false);
  for (const sessionId of ids) queue.enqueue({ kind: 'ingest', sessionId });
  await until(async () => (await queue.counts()).waiting === ids.length);
};

test('a worker goes from job to job without waiting for its next poll', async (t) => {
  const url = await freshDatabase();
  const ids = Array.from({ length: 200 }, (_, index) => `s${index}`);
  await sendWithoutWorker(t, url, ids);
  const { queue } = await openQueue(t, url);
  const handled = new Set<string>();
  const from = performance.now();
  queue.start(async (job) => {
    if (job.kind === 'ingest') handled.add(job.sessionId);
  });
  await until(() => handled.size === ids.length);
  const seconds = (performance.now() - from) / 1000;
  t.diagnostic(`${(ids.length / seconds).toFixed(0)} jobs a second by 4 workers`);
  assert.ok(seconds < 20, `${seconds} s; by polls alone it were 100 s`);
});

test('a job that fails at its last try is told of, kept and counted once, and holds up no other', async (t) => {
  const url = await freshDatabase();
  const { queue, failed } = await openQueue(t, url);
  const handled: string[] = [];
  const failing = async (id: string): Promise<void> => {
    await sendWithoutWorker(t, url, [id]);
    await query(url, 'update sluice_jobs.job set retry_count = retry_limit');
  };
  await failing('bad');
  queue.start(async (job) => {
    if (job.kind !== 'ingest') return;
    handled.push(job.sessionId);
    if (job.sessionId === 'bad') throw new Error('never');
  });
  await until(async () => (await queue.counts()).dead === 1);
  assert.deepEqual(failed, [{ kind: 'ingest', sessionId: 'bad' }]);

  queue.enqueue({ kind: 'ingest', sessionId: 'good' });
  queue.enqueue({ kind: 'ingest', sessionId: 'bad' });
  await until(() => handled.includes('good') && handled.filter((id) => id === 'bad').length === 2);
  await query(
    url,
    "update sluice_jobs.job set retry_count = retry_limit, start_after = now() where state = 'retry'",
  );
  await until(async () => Number((await query(url, DEAD_COPIES))[0]?.n) === 2);
  assert.equal((await queue.counts()).dead, 1);
});

const DEAD_COPIES = "select count(*) as n from sluice_jobs.job where name = 'dead_letters'";

test('what is done goes, so that the tables stay small', async (t) => {
  const url = await freshDatabase();
  const { queue } = await openQueue(t, url);
  queue.enqueue({ kind: 'ingest', sessionId: 's' });
  queue.start(async () => {});
  const completed = "from sluice_jobs.job where name = 'ingest' and state = 'completed'";
  await until(async () => (await query(url, `select ${completed}`)).length === 1);
  await query(
    url,
    "update sluice_jobs.job set completed_on = completed_on - interval '2 minutes' where name = 'ingest'",
  );
  await query(url, "update sluice_jobs.queue set maintain_on = now() - interval '61 seconds'");
  await until(async () => (await query(url, `select ${completed}`)).length === 0);
});
