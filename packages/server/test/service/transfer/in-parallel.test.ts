import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inParallel } from '../../../src/service/transfer/in-parallel.ts';

async function* numbers(count: number): AsyncGenerator<number> {
  for (let number = 0; number < count; number++) yield number;
}

test('every item is worked on once, no more than the limit at a time', async () => {
  const done: number[] = [];
  let [running, most] = [0, 0];
  await inParallel(numbers(50), 4, async (number) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    running -= 1;
    done.push(number);
  });
  assert.deepEqual(
    done.sort((a, b) => a - b),
    [...Array(50).keys()],
  );
  assert.equal(most, 4);
});

test('the first failure is thrown when what was under way has ended, and nothing is begun after it', async () => {
  const begun: number[] = [];
  let ended = 0;
  const work = async (number: number): Promise<void> => {
    begun.push(number);
    await new Promise(setImmediate);
    ended += 1;
    if (number >= 3) throw new Error(`number ${number}`);
  };
  await assert.rejects(inParallel(numbers(50), 2, work), { message: 'number 3' });
  assert.equal(ended, begun.length);
  assert.ok(begun.length <= 5, `${begun}`);
});

test('items that cannot be had fail it too', async () => {
  async function* broken(): AsyncGenerator<number> {
    yield 1;
    throw new Error('no more');
  }
  await assert.rejects(
    inParallel(broken(), 3, async () => {}),
    { message: 'no more' },
  );
});
