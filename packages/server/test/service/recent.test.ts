import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecent } from '../../src/service/recent.ts';

test('of too many entries the one that was not set for longest is forgotten', () => {
  const recent = createRecent<number>(2);
  recent.set('a', 1);
  recent.set('b', 2);
  recent.set('a', 3);
  recent.set('c', 4);
  assert.deepEqual(['a', 'b', 'c'].map(recent.get), [3, undefined, 4]);
  recent.delete('a');
  assert.equal(recent.get('a'), undefined);
});
