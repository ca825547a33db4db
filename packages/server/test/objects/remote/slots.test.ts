import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSlots } from '../../../src/objects/remote/slots.ts';

const turn = () => new Promise(setImmediate);

test('slots go to those who came first, and places can be given up', async () => {
  const slots = createSlots(1);
  const granted: string[] = [];
  const leave = ['a', 'b', 'c', 'd'].map((name) => slots.take(() => granted.push(name)));
  assert.deepEqual(granted, [], 'never before the caller is done');
  await turn();
  assert.deepEqual(granted, ['a']);
  leave[1]?.();
  leave[0]?.();
  leave[0]?.();
  await turn();
  assert.deepEqual(granted, ['a', 'c'], 'b gave up; giving back twice gives one slot');
  leave[2]?.();
  leave[3]?.();
  assert.equal(slots.free(), 1);
});

test('a slot given back before it was granted is free again', async () => {
  const slots = createSlots(1);
  let granted = false;
  slots.take(() => {
    granted = true;
  })();
  await turn();
  assert.equal(granted, false);
  assert.equal(slots.free(), 1);
});
