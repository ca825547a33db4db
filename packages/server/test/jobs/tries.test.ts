import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createInProcessQueue, IN_PROCESS_DEFAULTS } from '../../src/jobs/in-process.ts';
import type { Job } from '../../src/service/ports/jobs.ts';
import { SILENT } from '../../src/service/silent-observer.ts';

test('a job is tried as often as was said, and told of once when it fails in the end', async (t) => {
  const failed: Job[] = [];
  const queue = createInProcessQueue(
    { ...SILENT, jobFailed: (job) => failed.push(job) },
    { ...IN_PROCESS_DEFAULTS, tries: 3, firstWaitMs: 1 },
  );
  t.after(() => queue.stop());
  const tries = { a: 0, b: 0 };
  queue.start(async (job) => {
    if (job.kind !== 'ingest') return undefined;
    const which = job.sessionId as 'a' | 'b';
    tries[which]++;
    if (which === 'a' || tries.b < 3) throw new Error('Not now.');
    return undefined;
  });
  for (const sessionId of ['a', 'b']) queue.enqueue({ kind: 'ingest', sessionId });
  await queue.idle();
  assert.deepEqual(tries, { a: 3, b: 3 });
  assert.deepEqual(failed, [{ kind: 'ingest', sessionId: 'a' }]);
});
