import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentInMemory } from '../../../src/upload/planning/content.ts';
import { underWay } from '../../../src/upload/sending/under-way.ts';

const MIB = 1024 ** 2;

test('what was told of a try is taken back at its end, however far it came', async () => {
  const piece = new Uint8Array(MIB);
  const content = {
    size: 3 * MIB,
    whole: async () => piece,
    chunks: async function* () {
      for (let at = 0; at < 3; at++) yield piece;
    },
  };
  let moving = 0;
  const first = underWay(content, (bytes) => {
    moving += bytes;
  });
  const pieces = first.content.chunks()[Symbol.asyncIterator]();
  await pieces.next();
  assert.equal(moving, 0, 'the first piece is not on its way before the next is asked for');
  await pieces.next();
  assert.equal(moving, MIB);
  first.end();
  assert.equal(moving, 0);
});

test('small contents are passed as they are', () => {
  const content = contentInMemory(new Uint8Array(MIB));
  const told: number[] = [];
  const moving = underWay(content, (bytes) => told.push(bytes));
  assert.equal(moving.content, content);
  moving.end();
  assert.deepEqual(told, []);
});
