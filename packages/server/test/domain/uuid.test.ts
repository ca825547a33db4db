import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uuidAt, uuidOf } from '../../src/domain/uuid.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('ids are UUIDs, and those of later microseconds sort later', () => {
  const start = 1_767_323_045_123_000;
  const ids = Array.from({ length: 2000 }, (_, index) => uuidAt(start + index));
  assert.deepEqual([...ids].sort(), ids);
  for (const id of ids) assert.equal(UUID.exec(id)?.[1], '7');
});

test('the id of a text is always the same', () => {
  assert.equal(uuidOf('a'), uuidOf('a'));
  assert.notEqual(uuidOf('a'), uuidOf('b'));
  assert.equal(UUID.exec(uuidOf('a'))?.[1], '8');
});
