import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codePoints, placeOf } from '../../../src/domain/json/place.ts';

const PLACES: [string, number, number, number][] = [
  ['', 0, 1, 1],
  ['ab', 2, 1, 3],
  ['a\nb', 1, 1, 2],
  ['a\nb', 2, 2, 1],
  ['a\n\nb', 3, 3, 1],
  ['a\r\nb', 3, 2, 1],
  ['a\rb', 2, 2, 1],
  ['a\n', 2, 2, 1],
  ['😀\n😀é😀x', 8, 2, 4],
];
for (const [text, at, line, column] of PLACES) {
  test(`${JSON.stringify(text)} at ${at}: line ${line}, column ${column}`, () =>
    assert.deepEqual(placeOf(text, at), { line, column }));
}

test('half a pair is a character as well', () => {
  assert.equal(codePoints('\ud83d\ud83d\ude00\ude00', 0, 4), 3);
});
