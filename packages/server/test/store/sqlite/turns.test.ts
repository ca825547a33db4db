import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWriteTurns } from '../../../src/store/sqlite/turns.ts';

/** Does all of it; which went when. `b`… are batches. The first holds the turn until all the others wait. */
const orderOf = async (names: readonly string[]): Promise<string[]> => {
  const turns = createWriteTurns();
  const order: string[] = [];
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const first = turns.take('short', () => gate);
  const all = names.map((name) =>
    turns.take(name.startsWith('b') ? 'batch' : 'short', async () => {
      order.push(name);
    }),
  );
  open();
  await Promise.all([first, ...all]);
  return order;
};

const many = (letter: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${letter}${at}`);

test('what somebody waits for goes before batches', async () => {
  assert.deepEqual(await orderOf(['b1', 'b2', 's1', 's2']), ['s1', 's2', 'b1', 'b2']);
});

test('a batch gets its turn however many short ones come, and none of these waits for two', async () => {
  const order = await orderOf(['b1', 'b2', ...many('s', 50)]);
  assert.deepEqual(order, [...many('s', 16), 'b1', ...many('s', 50).slice(16), 'b2']);
});

test('one at a time, and what fails gives its turn away', async () => {
  const turns = createWriteTurns();
  let writing = 0;
  const work = async (): Promise<void> => {
    assert.equal(++writing, 1);
    await new Promise((resolve) => setImmediate(resolve));
    writing--;
    throw new Error('fails');
  };
  const kinds = ['short', 'batch', 'short', 'batch'] as const;
  const settled = await Promise.allSettled(kinds.map((kind) => turns.take(kind, work)));
  assert.ok(settled.every((one) => one.status === 'rejected' && one.reason.message === 'fails'));
});
