import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatInstant, LATEST, parseInstant } from '../../src/domain/instant.ts';

test('a time is written with six digits and Z, and read back without loss', () => {
  const at = 1_767_323_045_123_456;
  assert.equal(formatInstant(at), '2026-01-02T03:04:05.123456Z');
  assert.equal(parseInstant(formatInstant(at)), at);
  assert.equal(formatInstant(0), '1970-01-01T00:00:00.000000Z');
});

const READABLE: [string, string][] = [
  ['2022-06-21T16:40:00.634653+00:00', '2022-06-21T16:40:00.634653Z'],
  ['2022-05-12T12:25:09+02:00', '2022-05-12T10:25:09.000000Z'],
  ['2022-05-12T12:25:09-0330', '2022-05-12T15:55:09.000000Z'],
  ['2022-05-12 12:25:09.5', '2022-05-12T12:25:09.500000Z'],
  ['2022-05-12T12:25:09.123456789z', '2022-05-12T12:25:09.123456Z'],
  ['2022-05-12', '2022-05-12T00:00:00.000000Z'],
  [' 2022-05-12T12:25Z ', '2022-05-12T12:25:00.000000Z'],
];
for (const [text, expected] of READABLE) {
  test(`"${text}" is ${expected}`, () => assert.equal(formatInstant(parseInstant(text) as number), expected));
}

test('what is beyond all instants is the first or the last of them', () => {
  assert.equal(parseInstant('9999-12-31T23:59:59Z'), LATEST);
  assert.equal(parseInstant('2255-06-05T23:47:34.740992Z'), LATEST);
  assert.equal(parseInstant('0001-01-01T00:00:00Z'), -LATEST);
  assert.equal(formatInstant(LATEST), '2255-06-05T23:47:34.740991Z');
});

for (const text of [
  '',
  'yesterday',
  '2022-13-01',
  '2022-05-12T25:00:00Z',
  '1654000000',
  '2022-05-12T12:25:09+2',
  '2027-02-30',
  '2027-02-30T00:00:00Z',
  '2027-02-30 00:00:00.5+02:00',
  '2027-01-01T24:00:00Z',
  '2027-01-01T24:00',
  '2027-01-01T23:59:60Z',
  '2027-01-01T00:00:00+25:00',
  '2027-01-01T00:00:00+2460',
  '12027-01-01',
]) {
  test(`"${text}" is no time`, () => assert.equal(parseInstant(text), undefined));
}
