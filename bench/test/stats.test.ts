import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, quantile, ratios, spread } from '../stats.ts';

test('quantiles lie between neighbours, whatever the order of the values', () => {
  assert.equal(median([5, 1, 3]), 3);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(quantile([10, 0], 0.99), 9.9);
  assert.throws(() => quantile([], 0.5), RangeError);
});

test('a ratio pairs each run with the floor measured beside it', () => {
  const ratio = ratios([10, 30, 20], [20, 30, 80]);
  assert.deepEqual(ratio, { median: 0.5, min: 0.25, max: 1, values: [0.5, 1, 0.25] });
  assert.throws(() => ratios([1], []), RangeError);
});

test('a spread keeps the values as they came', () => {
  assert.deepEqual(spread([3, 1]), { median: 2, min: 1, max: 3, values: [3, 1] });
});
