import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeLimited } from '../src/time-limit.ts';

test('the longest time that can be given is one, beyond what a timer counts as well', () => {
  const { signal } = new AbortController();
  for (const seconds of [1, 3_000_000, 999_999_999]) {
    assert.equal(timeLimited(signal, seconds).aborted, false);
  }
  assert.equal(timeLimited(signal, undefined), signal);
});
