import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { createBreath, createPace, createTurnTaking } from '../../src/service/breathe.ts';
import { createQueues } from '../../src/service/queues.ts';

const holdTheLoop = (milliseconds: number): void => {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
};

test('steps begin small, grow at most twofold, and shrink where one took long', async () => {
  const pace = createPace(10, 100);
  const sizes: number[] = [];
  const step = (milliseconds: number) =>
    pace(async (size) => {
      sizes.push(size);
      holdTheLoop(milliseconds);
    });
  for (const milliseconds of [500, 500, 0]) await step(milliseconds);
  assert.deepEqual(sizes, [10, 10, 10]);
  // Others may have the processor during a step or two.
  for (let tries = 0; tries < 100 && sizes.at(-1) === 10; tries++) await step(0);
  const grown = sizes.at(-1) as number;
  assert.ok(grown > 10 && grown <= 20, `${grown}`);
  for (const milliseconds of [1000, 0]) await step(milliseconds);
  assert.equal(sizes.at(-1), 10);
});

test('others are let in once a turn is over, and after every step', async () => {
  let others = 0;
  const other = setImmediate().then(() => {
    others += 1;
  });
  const breathe = createBreath();
  holdTheLoop(20);
  await breathe();
  assert.equal(others, 1);
  await other;
  void setImmediate().then(() => {
    others += 1;
  });
  await createPace(1, 1)(async () => {});
  assert.equal(others, 2);
});

test('work of one name goes in order, whatever becomes of the work before; other names do not wait', async () => {
  const queue = createQueues();
  const done: string[] = [];
  const first = Promise.withResolvers<void>();
  const all = [
    queue('a', async () => {
      await first.promise;
      done.push('a1');
      throw new Error('failed');
    }),
    queue('a', async () => done.push('a2')),
    queue('b', async () => done.push('b')),
  ];
  await all[2];
  assert.deepEqual(done, ['b']);
  first.resolve();
  await assert.rejects(all[0] as Promise<unknown>, /failed/);
  await all[1];
  assert.deepEqual(done, ['b', 'a1', 'a2']);
});

test('what comes by itself is done in order, and goes on in the next turn when one is over', async () => {
  const inTurn = createTurnTaking();
  const done: string[] = [];
  /** What follows from it takes its time. */
  const come = (name: string, milliseconds: number) =>
    inTurn(() => {
      done.push(name);
      void Promise.resolve()
        .then(() => {})
        .then(() => holdTheLoop(milliseconds));
    });
  come('a', 20);
  await Promise.resolve()
    .then(() => {})
    .then(() => {});
  for (const [name, milliseconds] of [
    ['b', 0],
    ['c', 20],
    ['d', 20],
    ['e', 0],
  ] as const)
    come(name, milliseconds);
  assert.deepEqual(done, ['a']);
  await setImmediate();
  assert.deepEqual(done, ['a', 'b', 'c']);
  come('f', 0);
  await setImmediate();
  assert.deepEqual(done, ['a', 'b', 'c', 'd']);
  await setImmediate();
  assert.deepEqual(done, ['a', 'b', 'c', 'd', 'e', 'f']);
});
