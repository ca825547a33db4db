import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { type CountedTimes, createGrowingCounts } from '../../src/service/growing-counts.ts';

test('what was counted once is not counted again, and the sum is right at any time', async () => {
  let times: number[] = [];
  let looked = 0;
  const within = (from: number, to: number) => times.filter((time) => time > from && time <= to).length;
  const count = createGrowingCounts(async (_: string, { after, settled }: CountedTimes) => {
    const all = within(after, Number.MAX_SAFE_INTEGER);
    looked = all;
    return { all: { n: all }, settled: { n: within(after, settled) } };
  });
  let now = 100 * HOUR;
  for (let at = 0; at < 1000; at++) times.push(now - HOUR + at);
  assert.deepEqual(await count('a', now), { n: 1000 });
  assert.equal(looked, 1000);
  for (let minute = 0; minute < 55; minute++) {
    now += MINUTE;
    // By a clock that is behind, or ahead.
    times.push(now - 9 * MINUTE, now + 2 * MINUTE);
    assert.deepEqual(await count('a', now), { n: times.length });
    assert.ok(looked <= 30, `${looked}`);
  }
  assert.deepEqual(await count('b', now), { n: times.length }, 'each key by itself');
  times = times.slice(500);
  now += 10 * MINUTE;
  assert.deepEqual(await count('a', now), { n: times.length }, 'anew after an hour');
});
