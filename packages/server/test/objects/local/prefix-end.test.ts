import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { prefixEnd } from '../../../src/objects/local/prefix-end.ts';

const inOrder = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;

test('what starts with a prefix lies between it and its end, and nothing else does', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', '/', '0', '\ud7ff', '\ue000', '\uffff', '😀', '\u{10ffff}'),
    maxLength: 4,
  });
  fc.assert(
    fc.property(text, text, (prefix, key) => {
      const end = prefixEnd(prefix);
      const inside = !inOrder(key, prefix) && (typeof end !== 'string' || inOrder(key, end));
      assert.equal(inside, key.startsWith(prefix));
    }),
    { numRuns: 1000 },
  );
});

test('the empty prefix has no end among texts', () => {
  assert.ok(prefixEnd('') instanceof Uint8Array);
  assert.ok(prefixEnd('\u{10ffff}') instanceof Uint8Array);
});

test('behind the last character before the surrogates comes the first one after them', () => {
  assert.equal(prefixEnd('a\ud7ff'), 'a\ue000');
});
