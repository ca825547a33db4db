import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPartBuffer } from '../../../src/objects/remote/part-buffer.ts';

test('chunks of any size come out as parts of one size, the last one aside', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.uint8Array({ maxLength: 120 })),
      (partBytes, chunks) => {
        const parts = createPartBuffer(partBytes);
        const taken: Buffer[] = [];
        for (const chunk of chunks) {
          parts.add(Buffer.from(chunk));
          if (parts.isFull() && taken.length % 3 !== 2) taken.push(parts.take());
        }
        while (!parts.isEmpty()) taken.push(parts.take());
        assert.deepEqual(Buffer.concat(taken), Buffer.concat(chunks));
        for (const part of taken.slice(0, -1)) assert.equal(part.length, partBytes);
        assert.ok(parts.fits());
      },
    ),
  );
});

test('it says whether all there is fits into one part', () => {
  const parts = createPartBuffer(4);
  parts.add(Buffer.from('abcd'));
  assert.deepEqual([parts.isFull(), parts.fits()], [true, true]);
  parts.add(Buffer.from('e'));
  assert.deepEqual([parts.isFull(), parts.fits()], [true, false]);
  parts.clear();
  assert.deepEqual([parts.isFull(), parts.fits(), parts.isEmpty()], [false, true, true]);
});
