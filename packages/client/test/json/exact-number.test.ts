import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExactNumber } from '../../src/json/exact-number.ts';

test('it has its text, and is a number to whoever computes with it', () => {
  const price = new ExactNumber('0.1000000000000000055');
  assert.equal(`${price}`, '0.1000000000000000055');
  assert.equal(Number(price) + 1, 1.1);
  assert.equal(JSON.stringify({ price }), '{"price":0.1000000000000000055}');
});

test('it is a number of JSON', () => {
  for (const text of [
    '',
    'NaN',
    'Infinity',
    '01',
    '1.',
    '.5',
    '+1',
    '0x1',
    ' 1',
    '1 ',
    '1e',
    '--1',
    '1,2',
    5,
  ]) {
    assert.throws(() => new ExactNumber(text as string), { name: 'ArgumentError' }, String(text));
  }
  for (const text of ['0', '-0', '1.50', '1e400', '-12E+3']) assert.equal(new ExactNumber(text).text, text);
});
