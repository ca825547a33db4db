import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { idlePorts } from '../../../testing/store/idle-ports.ts';
import { openTemporaryStore } from '../../../testing/store/open-sqlite-store.ts';
import { prepareStore, sessionOf } from '../../../testing/store/store-fixture.ts';
import { SECOND } from '../src/domain/instant.ts';
import { explain } from '../src/explain.ts';
import { createMetrics } from '../src/http/routes/metrics.ts';
import { storageUnavailable } from '../src/objects/storage-unavailable.ts';
import { createObserver } from '../src/observer.ts';
import { createFailingWork } from '../src/service/failing-work.ts';
import { createJobHandler } from '../src/service/job-handler.ts';
import type { ObjectStore } from '../src/service/ports/objects.ts';
import { createPutFiles } from '../src/service/put-files.ts';
import { readConfig } from '../src/settings/config.ts';

test('the first try that fails is a line of the log, a count and, if none succeeds, a word of /health', async (t) => {
  const { objects, jobs } = await idlePorts(t);
  const store = await prepareStore(openTemporaryStore);
  t.after(() => store.close());
  let now = 2000;
  const clock = () => now++;
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const metrics = createMetrics();
  const failingWork = createFailingWork(clock);
  const observer = createObserver(log, metrics, failingWork, String);
  let refuses = true;
  const refusing: ObjectStore = {
    ...objects,
    seal: (prefix) => {
      if (refuses) throw storageUnavailable(new Error('AccessDenied'), 'store_refused');
      return objects.seal(prefix);
    },
  };
  const handle = createJobHandler({
    store,
    objects: refusing,
    jobs,
    clock,
    observer,
    putFiles: createPutFiles({ clock, newId: () => 'id', temporaryFor: 1 }),
    batchSize: 10,
    maxFilesPerSession: 10,
  });
  const session = sessionOf('s', { closedAt: 1000, endedAt: 1000 });
  await store.write((tx) => tx.sessions.insert(session), 'short');
  const job = { kind: 'ingest', sessionId: session.id } as const;
  const attempt = () => handle(job, new AbortController().signal);

  await assert.rejects(attempt());
  assert.deepEqual(
    lines.map(({ level, msg, cause, job }) => ({ level, msg, cause, job })),
    [{ level: 40, msg: 'a job failed and is tried again', cause: 'store_refused', job }],
  );
  for (let time = 0; time < 9; time++) await assert.rejects(attempt());
  assert.equal(lines.length, 1, 'the log is not flooded');
  const series = 'sluice_job_tries_failed_total{kind="ingest",cause="store_refused"}';
  assert.match(
    await metrics.registry.metrics(),
    new RegExp(`^${series} 10$`.replaceAll(/[{}]/g, '\\$&'), 'm'),
  );
  now += 31 * SECOND;
  assert.deepEqual(failingWork.report(), [{ kind: 'ingest', cause: 'store_refused', seconds: 31 }]);
  await assert.rejects(attempt());
  assert.deepEqual(
    lines.map(({ untold }) => untold),
    [undefined, 9],
  );

  refuses = false;
  await attempt();
  assert.deepEqual(failingWork.report(), []);
  await assert.rejects(
    handle({ kind: 'purge_workspace', workspaceId: 'w', organizationId: '' }, AbortSignal.abort()),
  );
  assert.equal(lines.length, 2, 'what a stop interrupts has not failed');
});

test('what the queue fails at is the fault of the database, and told with where it is and the setting', async () => {
  const metrics = createMetrics();
  const failingWork = createFailingWork(() => 0);
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  const result = readConfig({
    SLUICE_DATABASE_URL: 'postgresql://me:hidden@db.example/x',
    SLUICE_S3_REGION: 'us-east-1',
  });
  assert.ok('config' in result);
  const { storage } = result.config;
  const observer = createObserver(log, metrics, failingWork, (error) => explain(error, storage));
  observer.queueFailed(new Error('Connection terminated due to connection timeout'));
  observer.queueFailed(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));
  const counted = await metrics.registry.metrics();
  assert.match(counted, /^sluice_job_tries_failed_total\{kind="queue",cause="database"\} 2$/m);
  assert.equal(lines.length, 1);
  assert.equal(
    JSON.parse(lines[0] ?? '').reason,
    'The database "x" at db.example:5432 cannot be used: it does not answer (timeout). Look at SLUICE_DATABASE_URL.',
  );
  assert.doesNotMatch(lines.join(), /hidden/);
});
