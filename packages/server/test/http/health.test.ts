import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { createMetrics } from '../../src/http/routes/metrics.ts';
import { operationRoutes } from '../../src/http/routes/operation.ts';
import type { App } from '../../src/http/typed-fastify.ts';
import type { FailingKind } from '../../src/service/failing-work.ts';

const askHealth = async (failing: FailingKind[], worksOnly: boolean) => {
  const app = Fastify() as unknown as App;
  const health = { state: () => 'ready' as const, check: async () => {}, failing: () => failing, worksOnly };
  operationRoutes(app, { health, metrics: createMetrics(), metricsAccess: 'off' });
  const { statusCode, body } = await app.inject('/health');
  return [statusCode, JSON.parse(body)];
};

test('work that fails takes a worker out, and never a process that answers requests', async () => {
  const ingest: FailingKind = { kind: 'ingest', cause: 'store_refused', seconds: 40 };
  const fault: FailingKind = { kind: 'sweep', cause: 'other', seconds: 40 };
  for (const worksOnly of [true, false]) {
    assert.deepEqual(await askHealth([], worksOnly), [200, { status: 'ok' }]);
    assert.deepEqual(await askHealth([fault], worksOnly), [200, { status: 'degraded', failing: [fault] }]);
  }
  assert.deepEqual(await askHealth([ingest], false), [200, { status: 'degraded', failing: [ingest] }]);
  assert.deepEqual(await askHealth([ingest], true), [503, { status: 'failing', failing: [ingest] }]);
});
