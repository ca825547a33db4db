import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExactNumber } from '../../src/json/exact-number.ts';
import { jsonText } from '../../src/json/json-text.ts';
import { readJson } from '../../src/json/read-json.ts';

/** What a number's text comes to, as it is and where exact numbers were asked for. */
const NUMBERS: [text: string, read: unknown, exact: unknown][] = [
  ['0', 0, 0],
  ['-0', -0, new ExactNumber('-0')],
  ['2026', 2026, 2026],
  ['9007199254740991', 9007199254740991, 9007199254740991],
  ['9007199254740992', 9007199254740992n, 9007199254740992n],
  ['-9007199254740993', -9007199254740993n, -9007199254740993n],
  ['1546130668394913822', 1546130668394913822n, 1546130668394913822n],
  ['1234567890123456789012345678901234567890', 1234567890123456789012345678901234567890n, null],
  ['0.1', 0.1, 0.1],
  ['0.10', 0.1, new ExactNumber('0.10')],
  ['1.0', 1, new ExactNumber('1.0')],
  ['0.1000000000000000055', 0.1, new ExactNumber('0.1000000000000000055')],
  ['12345678901234567890.5', 12345678901234567000, new ExactNumber('12345678901234567890.5')],
  ['1e5', 100000, new ExactNumber('1e5')],
  ['1e+21', 1e21, 1e21],
  ['1E400', Number.POSITIVE_INFINITY, new ExactNumber('1E400')],
];

for (const [text, read, exact] of NUMBERS) {
  test(`MET.1: ${text} is read as what it is, wherever it stands`, () => {
    for (const [before, after, at] of PLACES) {
      assert.deepEqual(at(readJson(before + text + after)), read);
      assert.deepEqual(at(readJson(before + text + after, { exactNumbers: true })), exact ?? read);
    }
  });
}

// biome-ignore lint/suspicious/noExplicitAny: what was read is looked into
const PLACES: [before: string, after: string, at: (read: any) => unknown][] = [
  ['', '', (read) => read],
  [' \n', ' ', (read) => read],
  ['{"a":{"b":[1,', ']}}', (read) => read.a.b[1]],
  ['{ "a" : [ ', '\n, 2], "c": 3 }', (read) => read.a[0]],
  ['["a\\\\",{"1234567890123456789":', ',"b":"\\""}]', (read) => read[1]['1234567890123456789']],
];

test('texts and keys of digits stay texts and keys', () => {
  const value = {
    '12345678901234567890': '12345678901234567890',
    quoted: 'he said "12345678901234567890", \\ "',
    listed: ['-12345678901234567890', ': 12345678901234567890', '1e5'],
    escaped: '\u0000\ud83d\ude00 \u2028',
  };
  const text = JSON.stringify({ ...value, number: 1 }).replace('1}', '12345678901234567890}');
  for (const exactNumbers of [false, true]) {
    const expected = { ...value, number: 12345678901234567890n };
    assert.deepEqual(readJson(text, { exactNumbers }), expected);
  }
});

test('MET.2: __proto__ is a key like any other', () => {
  const read = readJson('{"__proto__":{"big":12345678901234567890}}') as object;
  assert.deepEqual(Object.entries(read), [['__proto__', { big: 12345678901234567890n }]]);
  assert.equal(Object.getPrototypeOf(read), Object.prototype);
});

test('what JSON.parse refuses is refused, with large numbers in it or not', () => {
  const wrong = [
    '',
    '{',
    '[12345678901234567890',
    '[012345678901234567890]',
    '[+1]',
    "['a']",
    '[1.]',
    '[NaN]',
  ];
  for (const text of [...wrong, '["\n", 12345678901234567890]', '[12345678901234567890,]']) {
    for (const exactNumbers of [false, true])
      assert.throws(() => readJson(text, { exactNumbers }), SyntaxError, text);
  }
});

test('a text of millions of escapes is read', () => {
  const long = '\n"\\'.repeat(2_000_000);
  const read = readJson(`{"a":${JSON.stringify(long)},"b":12345678901234567890}`) as { a: string; b: bigint };
  assert.equal(read.a === long, true);
  assert.equal(read.b, 12345678901234567890n);
});

test('MET.2: an escaped key is read as what it is, whatever keys there were before', () => {
  JSON.parse('{"h":[],"\\\\":0}'); // without this, V8 reads the next one right
  for (const exactNumbers of [false, true]) {
    for (const text of [
      '{"h":1,"\\"":2}',
      '{"h":1546130668394913822,"\\"":[{"\\n":"\\": ","escaped:0":null}],"__proto__":{}}',
    ]) {
      assert.equal(jsonText(readJson(text, { exactNumbers })), text);
    }
  }
});
