import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Connection } from '../../../src/objects/s3/connection.ts';
import { runEach } from '../../../src/objects/s3/each.ts';

/** Does one after the other. */
const inTurn = (): Connection => {
  let last: Promise<unknown> = Promise.resolve();
  const run = <T>(work: (client: S3Client) => Promise<T>): Promise<T> => {
    const next = last.then(() => work({} as S3Client));
    last = next.catch(() => {});
    return next;
  };
  return { run } as Connection;
};

test('LIF.10: a store is away after 64 failures in a row, and a success between begins anew', async () => {
  const fails = (count: number): boolean[] => new Array(count).fill(false);
  const cases: [boolean[], number][] = [
    [[...fails(63), true, ...fails(63), true], 128],
    [[...fails(63), true, ...fails(64), true, true], 128],
    [[...fails(64), true, true], 64],
    [fails(10), 10],
  ];
  for (const [items, asked] of cases) {
    let calls = 0;
    const outcomes = await runEach(inTurn(), items, async (_, works) => {
      calls++;
      if (!works) throw new Error('Not now.');
      return 'done';
    });
    assert.equal(calls, asked);
    const expected = items.map((works, at) => works && at < asked);
    assert.deepEqual(
      outcomes.map((outcome) => outcome === 'done'),
      expected,
    );
  }
});
