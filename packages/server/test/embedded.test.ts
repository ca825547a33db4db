import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHarness } from '../../../testing/server/harness.ts';

test('what requests write goes before batches in a whole server, too', async (t) => {
  const { store } = (await startHarness(t, { work: false })).server;
  const order: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = store.write(() => gate.promise, 'short');
  const batch = store.write(async () => order.push('batch'), 'batch');
  const short = store.write(async () => order.push('short'), 'short');
  gate.resolve();
  await Promise.all([first, batch, short]);
  assert.deepEqual(order, ['short', 'batch']);
});
