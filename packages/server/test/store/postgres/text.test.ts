import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { originalText, storedText } from '../../../src/store/postgres/text.ts';

const text = fc.string({
  unit: fc.constantFrom('\0', '\x01', '\x02', '\x03', '\x04', '\x05', 'a', 'é', '\u{10ffff}'),
  maxLength: 8,
});
const bytes = (some: string) => Buffer.from(some);

test('MET.3: what is stored has no U+0000, and gives back the text', () => {
  fc.assert(
    fc.property(text, (some) => {
      assert.doesNotMatch(storedText(some), /\0/);
      assert.equal(originalText(storedText(some)), some);
    }),
    { numRuns: 2000 },
  );
});

test('stored texts keep their order and hold each other as the texts do', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      const [storedA, storedB] = [storedText(a), storedText(b)];
      assert.equal(
        Math.sign(Buffer.compare(bytes(storedA), bytes(storedB))),
        Math.sign(Buffer.compare(bytes(a), bytes(b))),
      );
      assert.equal(storedA.includes(storedB), a.includes(b));
      assert.equal(storedA.startsWith(storedB), a.startsWith(b));
      assert.equal(storedA.endsWith(storedB), a.endsWith(b));
    }),
    { numRuns: 20_000 },
  );
});
