import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLane } from '../../../src/store/reads/fair-lane.ts';

/** Work that ends when it is told to; `began` has the names of what has begun, in order. */
const bench = (width: number, perParty: number) => {
  const lane = createLane(width, perParty);
  const began: string[] = [];
  const ends = new Map<string, () => void>();
  const ask = (party: string | null, name: string): Promise<void> =>
    lane.run(party, () => {
      began.push(name);
      return new Promise((resolve) => ends.set(name, resolve));
    });
  const end = async (name: string): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    ends.get(name)?.();
  };
  return { ask, end, began };
};

test('parties take turns, whatever each of them asks for', async () => {
  const { ask, end, began } = bench(1, 9);
  const all = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'].map((name) => ask(name.charAt(0), name));
  for (const name of ['a1', 'a2', 'b1', 'c1', 'a3', 'b2']) await end(name);
  await Promise.all(all);
  assert.deepEqual(began, ['a1', 'a2', 'b1', 'c1', 'a3', 'b2']);
});

test('no more goes on at a time than there is room for, and what fails makes room', async () => {
  const lane = createLane(2, 9);
  let running = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    throw new Error('fails');
  };
  await Promise.allSettled(Array.from({ length: 9 }, (_, at) => lane.run(`${at}`, work)));
  assert.deepEqual([most, running], [2, 0]);
});

test('a party for which too much waits is refused at once, others and the service itself are not', async () => {
  const { ask, end, began } = bench(1, 2);
  const taken = [ask('a', 'a1'), ask('a', 'a2'), ask('a', 'a3')];
  await assert.rejects(ask('a', 'a4'), { code: 'QUERY_TOO_DEAR' });
  taken.push(ask('b', 'b1'), ...['s1', 's2', 's3'].map((name) => ask(null, name)));
  for (const name of ['a1', 'a2', 'b1', 's1', 'a3', 's2', 's3']) await end(name);
  await Promise.all(taken);
  assert.equal(began.length, 7);
});
