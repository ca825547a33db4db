import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachConcurrently } from '../src/for-each-concurrently.ts';

const numbers = Array.from({ length: 100 }, (_, index) => index);

test('every item is worked on once, never more than the limit at a time', async () => {
  const done: number[] = [];
  let running = 0;
  let most = 0;
  await forEachConcurrently(numbers, 7, async (item) => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    running--;
    done.push(item);
  });
  assert.deepEqual(
    done.sort((a, b) => a - b),
    numbers,
  );
  assert.equal(most, 7);
});

test('a failure begins nothing more and waits for what is under way', async () => {
  const begun: number[] = [];
  let ended = 0;
  await assert.rejects(
    forEachConcurrently(numbers, 3, async (item) => {
      begun.push(item);
      if (item === 1) throw new Error('one');
      await new Promise((resolve) => setImmediate(resolve));
      ended++;
    }),
    { message: 'one' },
  );
  assert.deepEqual(begun, [0, 1, 2]);
  assert.equal(ended, 2);
});

test('nothing to do is done', async () => {
  await forEachConcurrently([], 3, async () => assert.fail('there is no item'));
});
