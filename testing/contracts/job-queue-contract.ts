import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Job, JobQueue } from '../../packages/server/src/service/ports/jobs.ts';

export type QueueUnderTest = {
  queue: JobQueue;
  /** Jobs that the observer was told have failed. */
  failed: Job[];
};

/** Sessions that the queues under test ingest side by side. */
const PLACES = 4;

const NOBODY = { organizationId: 'o' };

/** What every adapter of the JobQueue port must do. */
export const jobQueueContract = (name: string, open: (t: TestContext) => Promise<QueueUnderTest>): void => {
  test(`${name}: every job is handled, equal ones that wait only once`, async (t) => {
    const { queue } = await open(t);
    const handled: string[] = [];
    for (const sessionId of ['a', 'b', 'a', 'c', 'b']) queue.enqueue({ kind: 'ingest', sessionId });
    queue.enqueue({ kind: 'purge_workspace', workspaceId: 'w', ...NOBODY });
    queue.enqueue({ kind: 'collect_garbage' });
    queue.enqueue({ kind: 'collect_garbage' });
    queue.start(async (job) => {
      if (job.kind !== 'sweep') handled.push(JSON.stringify(job));
      return undefined;
    });
    await queue.idle();
    assert.deepEqual(
      handled.sort(),
      [
        { kind: 'ingest', sessionId: 'a' },
        { kind: 'ingest', sessionId: 'b' },
        { kind: 'ingest', sessionId: 'c' },
        { kind: 'purge_workspace', workspaceId: 'w', ...NOBODY },
        { kind: 'collect_garbage' },
      ]
        .map((job) => JSON.stringify(job))
        .sort(),
    );
  });

  test(`${name}: equal jobs never run at the same time, others do`, async (t) => {
    const { queue } = await open(t);
    const running = new Set<string>();
    const both = Promise.withResolvers<void>();
    let handled = 0;
    queue.start(async (job) => {
      if (job.kind !== 'ingest') return undefined;
      assert.ok(!running.has(job.sessionId));
      running.add(job.sessionId);
      queue.enqueue({ kind: 'ingest', sessionId: 'a' });
      if (running.has('a') && running.has('b')) both.resolve();
      await both.promise;
      handled += 1;
      running.delete(job.sessionId);
      if (handled > 2) assert.equal(job.sessionId, 'a');
      return undefined;
    });
    queue.enqueue({ kind: 'ingest', sessionId: 'a' });
    queue.enqueue({ kind: 'ingest', sessionId: 'b' });
    await both.promise;
    queue.enqueue({ kind: 'ingest', sessionId: 'b' });
    while (handled < 2) await new Promise((resolve) => setImmediate(resolve));
    await queue.stop();
    assert.equal(running.size, 0);
  });

  test(`${name}: a job that fails is tried again, and others pass meanwhile`, async (t) => {
    const { queue, failed } = await open(t);
    const handled: string[] = [];
    let tries = 0;
    queue.start(async (job) => {
      if (job.kind !== 'ingest') return undefined;
      if (job.sessionId === 'bad' && ++tries < 3) throw new Error('not yet');
      handled.push(job.sessionId);
      return undefined;
    });
    queue.enqueue({ kind: 'ingest', sessionId: 'bad' });
    queue.enqueue({ kind: 'ingest', sessionId: 'good' });
    await queue.idle();
    assert.deepEqual(handled, ['good', 'bad']);
    assert.deepEqual([tries, failed.length], [3, 0]);
  });

  test(`${name}: a job may be followed by its equal, which goes behind those that wait`, async (t) => {
    const { queue } = await open(t);
    const handled: string[] = [];
    let running = 0;
    const full = Promise.withResolvers<void>();
    queue.enqueue({ kind: 'ingest', sessionId: 'first' });
    for (let at = 0; at < 2 * PLACES; at++) queue.enqueue({ kind: 'ingest', sessionId: `s${at}` });
    queue.start(async (job) => {
      if (job.kind !== 'ingest') return undefined;
      handled.push(job.sessionId);
      if (++running === PLACES) full.resolve();
      await full.promise;
      return handled.filter((id) => id === job.sessionId).length < 3 && job.sessionId === 'first'
        ? job
        : undefined;
    });
    await queue.idle();
    assert.equal(handled.length, 3 + 2 * PLACES);
    const turns = handled.flatMap((id, at) => (id === 'first' ? [at] : []));
    assert.ok((turns[1] as number) > PLACES, `${turns}`);
  });

  test(`${name}: no kind of job waits behind another`, async (t) => {
    const { queue } = await open(t);
    const others = new Set<string>();
    const all = Promise.withResolvers<void>();
    queue.start(async (job) => {
      if (job.kind === 'ingest') await all.promise;
      else if (others.add(job.kind).size === 3) all.resolve();
      return undefined;
    });
    for (let at = 0; at < 2 * PLACES; at++) queue.enqueue({ kind: 'ingest', sessionId: `s${at}` });
    queue.enqueue({ kind: 'purge_workspace', workspaceId: 'w', ...NOBODY });
    queue.enqueue({ kind: 'collect_garbage' });
    queue.enqueue({ kind: 'sweep' });
    await all.promise;
    await queue.idle();
  });

  test(`${name}: a sweep is asked for from the start, again and again`, async (t) => {
    const { queue } = await open(t);
    const twice = Promise.withResolvers<void>();
    let sweeps = 0;
    queue.start(async (job) => {
      if (job.kind === 'sweep' && ++sweeps === 2) twice.resolve();
      return undefined;
    });
    await twice.promise;
  });

  test(`${name}: stopping signals what runs, waits for it, and hands out no more`, async (t) => {
    const { queue } = await open(t);
    const started = Promise.withResolvers<void>();
    const handled: string[] = [];
    let ended = false;
    queue.start(async (job, signal) => {
      if (job.kind !== 'ingest') return undefined;
      handled.push(job.sessionId);
      started.resolve();
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      ended = true;
      return undefined;
    });
    queue.enqueue({ kind: 'ingest', sessionId: 'a' });
    await started.promise;
    await queue.stop();
    assert.ok(ended);
    queue.enqueue({ kind: 'ingest', sessionId: 'late' });
    assert.deepEqual(handled, ['a']);
  });
};
