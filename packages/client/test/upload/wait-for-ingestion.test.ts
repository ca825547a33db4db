import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { UploadSessionStatus } from '@sluice/contract';
import { startBareServer } from '../../../../testing/server/bare-server.ts';
import { ApiError } from '../../src/http/api-error.ts';
import { ConnectionError } from '../../src/http/connection-error.ts';
import { createRequests } from '../../src/http/request.ts';
import { RETRY_POLICY } from '../../src/http/retry-timing.ts';
import { uploadSessionMethods } from '../../src/resources/upload-sessions.ts';
import { awaitOutcome } from '../../src/upload/await-outcome.ts';
import { waitDeadline } from '../../src/upload/wait-deadline.ts';
import { isSettled, waitForIngestion } from '../../src/upload/wait-for-ingestion.ts';

const CASES: {
  finished: number;
  failed: number;
  ingestedAt?: string | null;
  accepted: number;
  settled: boolean;
}[] = [
  { finished: 0, failed: 0, ingestedAt: null, accepted: 0, settled: false },
  { finished: 2, failed: 1, ingestedAt: null, accepted: 3, settled: false },
  { finished: 2, failed: 0, ingestedAt: '2026-03-01T00:00:00.000000Z', accepted: 3, settled: true },
  { finished: 2, failed: 1, accepted: 3, settled: true },
  { finished: 2, failed: 0, accepted: 3, settled: false },
  { finished: 2, failed: 2, accepted: 3, settled: true },
  { finished: 0, failed: 0, accepted: 0, settled: true },
];

for (const { finished, failed, ingestedAt, accepted, settled } of CASES) {
  test(`${finished} finished, ${failed} failed of ${accepted}, ingested_at ${ingestedAt}: ${settled}`, () => {
    const ingestion_status = { finished_files: finished, failed_files: failed };
    const status =
      ingestedAt === undefined ? { ingestion_status } : { ingestion_status, ingested_at: ingestedAt };
    assert.equal(isSettled(status, accepted), settled);
  });
}

type Asked = Partial<UploadSessionStatus> | Error;

const wait = (answers: readonly Asked[], timeoutMs: number, signal?: AbortSignal) => {
  const seen: number[] = [];
  const deadline = waitDeadline(timeoutMs, signal);
  let asked = 0;
  const done = waitForIngestion({
    getStatus: async () => {
      const answer = answers[Math.min(asked++, answers.length - 1)];
      if (answer instanceof Error) throw answer;
      return answer as UploadSessionStatus;
    },
    onStatus: ({ ingestion_status }) => seen.push(ingestion_status.finished_files),
    accepted: 2,
    deadline,
    signal,
  }).finally(deadline.clear);
  return { done, seen };
};

const at = (finished_files: number, more: Partial<UploadSessionStatus> = {}): Asked => ({
  ingestion_status: { finished_files, failed_files: 0 },
  ...more,
});

test('it asks until the session is through, and tells each time', async () => {
  const { done, seen } = wait([at(0), at(1), at(2, { orphan_sidecars: ['x.meta.json'] })], 60_000);
  assert.deepEqual(await done, { settled: true, orphanSidecars: ['x.meta.json'] });
  assert.deepEqual(seen, [0, 1, 2]);
});

test('it does not wait for ever', async () => {
  const { done } = wait([at(1)], 120);
  assert.deepEqual(await done, { settled: false, orphanSidecars: [] });
});

test('it asks at least once, however short the time', async () => {
  assert.equal((await wait([at(2)], 0).done).settled, true);
});

test('a server that is away for a moment is asked again', async () => {
  const away = new ConnectionError('CONNECTION_FAILED', 'away');
  const restarting = new ApiError({ status: 503, detail: 'starting' });
  assert.equal((await wait([away, restarting, at(2)], 60_000).done).settled, true);
});

test('a session that is not there is an error at once', async () => {
  const gone = new ApiError({ status: 404, detail: 'Upload session not found' });
  await assert.rejects(wait([gone], 60_000).done, gone);
});

test('abort ends the waiting', async () => {
  const reason = new Error('enough');
  await assert.rejects(wait([at(0)], 60_000, AbortSignal.abort(reason)).done, reason);
});

/** Of a server that nobody would give up for an hour; the time for answers is over once it was asked so often. */
const sessionsOf = (t: TestContext, root: string, requests: number) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let asked = 0;
  const counting: typeof fetch = (...request) => {
    if (++asked === requests) setImmediate(() => t.mock.timers.tick(10_000));
    return fetch(...request);
  };
  const connection = { root, apiKey: 'k', fetch: counting, timeoutMs: 3_600_000, retry: RETRY_POLICY };
  return uploadSessionMethods(createRequests(connection));
};

test('a server that does not answer keeps nobody beyond the deadline', async (t) => {
  const { url } = await startBareServer(t, ['hang']);
  const uploadSessions = sessionsOf(t, url, 1);
  const deadline = waitDeadline(0);
  const outcome = await waitForIngestion({
    getStatus: () => uploadSessions.get('ws', 'id', { signal: deadline.signal }),
    onStatus: () => assert.fail('nothing was answered'),
    accepted: 1,
    deadline,
    signal: undefined,
  });
  assert.deepEqual(outcome, { settled: false, orphanSidecars: [] });
});

test('what of a list of files has come by then counts', async (t) => {
  const json = (body: unknown) => ({ status: 200, body: JSON.stringify(body) });
  const row = { name: 'a', ingestion_status: 'FINISHED', file_id: 'id' };
  const { url } = await startBareServer(t, [
    json({ ingestion_status: { finished_files: 2, failed_files: 0 } }),
    json({ data: [row], has_more: true, total: 2 }),
    'hang',
  ]);
  const outcome = await awaitOutcome([{ sessionId: 'id', status: 'CLOSED', accepted: 2 }], {
    uploadSessions: sessionsOf(t, url, 3),
    workspace: 'ws',
    onCounters: () => {},
    timeoutMs: 0,
  });
  assert.equal(outcome.settled, false);
  assert.deepEqual([...outcome.rows.keys()], ['a']);
});
