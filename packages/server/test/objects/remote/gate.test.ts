import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGate } from '../../../src/objects/remote/gate.ts';

/** Work that ends when it is told to. */
const startWork = (gate: ReturnType<typeof createGate>) => {
  const work = Promise.withResolvers<void>();
  let started = false;
  const done = gate.run(() => {
    started = true;
    return work.promise;
  });
  return { done, end: work.resolve, fail: work.reject, started: () => started };
};

test('no more run at a time than there is room for, in the order they came', async () => {
  const gate = createGate(2);
  const all = Array.from({ length: 4 }, () => startWork(gate));
  const started = () => all.map((one) => one.started());
  assert.deepEqual(started(), [true, true, false, false]);
  all[1]?.end();
  await all[1]?.done;
  await new Promise(setImmediate);
  assert.deepEqual(started(), [true, true, true, false]);
  all[0]?.fail(new RangeError('no'));
  await assert.rejects(all[0]?.done as Promise<void>, RangeError);
  await new Promise(setImmediate);
  assert.deepEqual(started(), [true, true, true, true], 'a failure makes room, too');
});

test('LIF.10: an overload halves the room once, however many requests tell of it', async () => {
  const gate = createGate(16);
  for (let times = 0; times < 10; times++) gate.slowDown();
  assert.equal(gate.limit(), 8);
  const failing = () => gate.run(() => Promise.reject(new Error('no'))).catch(() => {});
  for (let times = 0; times < 8; times++) await failing();
  gate.slowDown();
  assert.equal(gate.limit(), 4, 'what began after it says something new');
});

test('LIF.10: the room never closes, and grows again by one with each full round of successes', async () => {
  const gate = createGate(8);
  for (let times = 0; times < 20; times++) {
    gate.slowDown();
    await gate.run(async () => {}).catch(() => {});
    await gate.run(() => Promise.reject(new Error('no'))).catch(() => {});
  }
  assert.ok(gate.limit() >= 1);
  const limit = gate.limit();
  for (let times = 0; times < limit; times++) await gate.run(async () => {});
  assert.equal(gate.limit(), limit + 1);
  for (let times = 0; times < 100; times++) await gate.run(async () => {});
  assert.equal(gate.limit(), 8, 'and not beyond');
});
