import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPassing, parseRetryAfter, RETRY_POLICY, retryDelayMs } from '../../src/http/retry-timing.ts';

const policy = { attempts: 5, firstDelayMs: 500, maxDelayMs: 3_000, maxRetryAfterMs: 10_000 };

const DELAYS: [failed: number, random: number, retryAfterMs: number | null, delay: number | null][] = [
  [1, 0, null, 250],
  [1, 1, null, 500],
  [2, 1, null, 1_000],
  [3, 0.5, null, 1_500],
  [4, 1, null, 3_000], // the cap
  [4, 0, null, 1_500],
  [5, 1, null, null], // that was the last try
  [1, 0, 4_000, 4_000], // Retry-After is never undercut
  [1, 1, 4_000, 4_250],
  [1, 0, 0, 0],
  [1, 0, 10_000, 10_000],
  [1, 0, 10_001, null], // nor waited for without end
  [5, 0, 1, null],
];

for (const [failed, random, retryAfterMs, delay] of DELAYS) {
  test(`CLI.1: after ${failed} tries, Retry-After ${retryAfterMs}, random ${random}: ${delay} ms`, () => {
    assert.equal(retryDelayMs(policy, failed, random, retryAfterMs), delay);
  });
}

test('by default, all pauses together stay below a minute', () => {
  let sum = 0;
  for (let failed = 1; ; failed++) {
    const delay = retryDelayMs(RETRY_POLICY, failed, 1, null);
    if (delay === null) break;
    sum += delay;
  }
  assert.ok(sum > 1_000 && sum < 60_000, String(sum));
});

const NOW = Date.parse('2026-03-01T12:00:00Z');
const RETRY_AFTER: [value: string | null, ms: number | null][] = [
  [null, null],
  ['', null],
  ['5', 5_000],
  [' 0 ', 0],
  ['-5', null],
  ['1.5', null],
  ['soon', null],
  ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
  ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
  ['Sunday, 01-Mar-26 12:00:30 GMT', 30_000],
  ['9999999999999', null],
];

for (const [value, ms] of RETRY_AFTER) {
  test(`Retry-After "${value}" is ${ms} ms`, () => assert.equal(parseRetryAfter(value, NOW), ms));
}

test('CLI.1: only statuses that speak of the moment are worth another try', () => {
  const all = Array.from({ length: 500 }, (_, index) => index + 100);
  assert.deepEqual(all.filter(isPassing), [408, 429, 500, 502, 503, 504]);
});
