import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundaryOf } from '../../../src/uploads/multipart/boundary.ts';

test('MPF.1: boundaries that RFC 2046 admits are read, bare or quoted', () => {
  const cases: [string, string][] = [
    ['multipart/form-data; boundary=abc', 'abc'],
    ['Multipart/Form-Data;BOUNDARY=abc', 'abc'],
    ['multipart/form-data; boundary="a b:c"', 'a b:c'],
    ['multipart/form-data; charset=utf-8; boundary=abc', 'abc'],
    ['multipart/form-data; boundary=abc; charset=utf-8;', 'abc'],
    [
      'multipart/form-data; boundary=----------------------------735323031399963166993862',
      `${'-'.repeat(28)}735323031399963166993862`,
    ],
    ['multipart/form-data; boundary=----=_Part_1_2.3', '----=_Part_1_2.3'],
    ['multipart/form-data; boundary=--', '--'],
    [`multipart/form-data; boundary=${'x'.repeat(70)}`, 'x'.repeat(70)],
    ['multipart/form-data \t; boundary=abc', 'abc'],
  ];
  for (const [contentType, boundary] of cases) assert.equal(boundaryOf(contentType), boundary, contentType);
});

test('MPF.1: anything else is no boundary', () => {
  const cases = [
    'multipart/form-data',
    'multipart/form-data;',
    'multipart/form-data; boundary',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=""',
    'multipart/form-data; boundary="abc',
    'multipart/form-data; boundary="ab "',
    'multipart/form-data; boundary=a b',
    'multipart/form-data; boundary=a"b',
    'multipart/form-data; boundary=a,b',
    'multipart/form-data; boundary=ä',
    'multipart/form-data; boundary="a\\"b"',
    'multipart/form-data; boundary=a; boundary=b',
    'multipart/form-data; boundary=a; Boundary=a',
    'multipart/form-data; boundary=abc junk',
    ...[71, 252, 253, 256, 4000].map((length) => `multipart/form-data; boundary=${'x'.repeat(length)}`),
  ];
  for (const contentType of cases)
    assert.throws(() => boundaryOf(contentType), { code: 'BAD_BOUNDARY' }, contentType);
});

test('POL.14: content types that only look alike are not multipart/form-data', () => {
  const cases = [
    undefined,
    '',
    'multipart/form-dataX; boundary=abc',
    'multipart/form-data-x; boundary=abc',
    ' multipart/form-data; boundary=abc',
    '\tmultipart/form-data; boundary=abc',
    'multipart/form-data\u00a0; boundary=abc',
    'multipart/form-data, text/plain; boundary=abc',
    'multipart/form-data junk; boundary=abc',
    'multipart/mixed; boundary=abc',
    'application/x-www-form-urlencoded',
    'text/plain; x=multipart/form-data; boundary=abc',
  ];
  for (const contentType of cases) {
    assert.throws(() => boundaryOf(contentType), { code: 'NOT_MULTIPART' }, String(contentType));
  }
});
