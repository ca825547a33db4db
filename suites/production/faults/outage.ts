import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { startFaultyProxy } from '../../../testing/objects/faulty-proxy.ts';
import { startSluiced } from './child-process.ts';
import { callsOf, type Stage } from './stage.ts';

/** Within which an API call is answered, whatever the database does. */
const BOUND_MS = 30_000;

/** Settings of processes that do not wait long for a database. */
export const IMPATIENT = { SLUICE_DATABASE_CONNECT_SECONDS: '8', SLUICE_DATABASE_STATEMENT_SECONDS: '3' };

/** A worker that moves slowly enough to be disturbed; `inTheMiddle` resolves when it is in the middle of a session. */
export const slowWorker = async (t: TestContext, settings: Record<string, string>) => {
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
export const expectUnavailable = async (t: TestContext, url: string, name: string): Promise<void> => {
  const calls = callsOf(url);
  const all = {
    list: () => calls.call('GET', '/files'),
    open: () => calls.call('POST', '/upload_sessions', {}),
    send: () => calls.send('never.txt', 'never'),
    health: () => fetch(`${url}/health`),
  };
  const check = async ([what, call]: [string, () => Promise<{ status: number }>]): Promise<void> => {
    const from = performance.now();
    const { status } = await call();
    const milliseconds = performance.now() - from;
    t.diagnostic(`${name}: ${what} ${status} in ${milliseconds.toFixed(0)} ms`);
    assert.equal(status, 503, what);
    assert.ok(milliseconds < BOUND_MS, what);
  };
  await Promise.all(Object.entries(all).map(check));
  assert.equal((await fetch(`${url}/ready`)).status, 200);
};

export const isIngested = (stage: Pick<Stage, 'call'>, id: string) => async (): Promise<boolean> => {
  const { status, body } = await stage.call('GET', `/upload_sessions/${id}`);
  return status === 200 && body.ingested_at !== null;
};
