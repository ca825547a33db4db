import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeMetadata, metadataProblem, readMetadata } from '../../../src/domain/metadata/metadata.ts';

const read = (text: string | Uint8Array) => readMetadata(typeof text === 'string' ? Buffer.from(text) : text);
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

const withKeys = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`key ${at}`, at]));

test('metadata up to its limits is read', () => {
  const values = [
    withKeys(2000),
    { a: Array(1999).fill(0) },
    { a: { ...withKeys(998) }, b: [withKeys(998), 1] },
  ];
  for (const metadata of values) assert.deepEqual(read(JSON.stringify(metadata)), { metadata });
  const long = { ['ü'.repeat(400)]: { ['x'.repeat(223)]: 1 } };
  assert.deepEqual(read(JSON.stringify(long)), { metadata: long });
});

test('MET.1: what is a JSON object is read', () => {
  assert.deepEqual(read('{"a":1,"b":["x"],"c":{"d":null}}'), {
    metadata: { a: 1, b: ['x'], c: { d: null } },
  });
  assert.deepEqual(read('\ufeff{"a":1}'), { metadata: { a: 1 } }, 'a byte order mark is no part of the text');
  assert.deepEqual(read('null'), { metadata: {} });
  assert.deepEqual(
    read('{"a":1,"a":2}'),
    { metadata: { a: 2 } },
    'of a key that comes twice the last counts',
  );
  assert.ok('metadata' in read(nested(32)));
});

const UNFIT: [string, string | Uint8Array, RegExp][] = [
  ['nothing', '', /empty/],
  ['an array', '[1]', /not a JSON object/],
  ['a string', '"a"', /not a JSON object/],
  ['a number', '1.0', /not a JSON object/],
  ['a number beyond the range', '{"a":{"b":[1e999]}}', /number at "a\.b\.0" is out of range/],
  [
    'a number of 41 characters',
    `{"a":{"b":${'1'.repeat(41)}}}`,
    /number at "a\.b" is longer than 40 characters/,
  ],
  ['a fraction of 41 characters', `{"a":0.${'1'.repeat(39)}}`, /number at "a" is longer than 40 characters/],
  ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), /not valid JSON \(line 1, column 2\)/],
  ['invalid UTF-8', Buffer.from([0x7b, 0x0a, 0xc3, 0xa9, 0xff]), /not valid UTF-8 \(line 2, column 2\)/],
  ['depth 100,000', `{"a":${'['.repeat(100_000)}1.0${']'.repeat(100_000)}}`, /deeper than 32/],
  ['depth 1,000', nested(1000), /deeper than 32/],
  ['10 MB', `{"a":"${'x'.repeat(10_000_000)}"}`, /larger than 250000/],
  ['a long value', JSON.stringify({ a: { b: 'x'.repeat(32_767) } }), /value at "a.b" is larger than 32766/],
  ['keys of one level', JSON.stringify(withKeys(2001)), /more than 2000 keys and list elements/],
  ['keys of all levels', JSON.stringify({ a: withKeys(1000), b: withKeys(999) }), /more than 2000 keys/],
  ['elements of lists', JSON.stringify({ a: Array(2000).fill(0) }), /more than 2000 keys/],
  ['empty lists', JSON.stringify({ a: Array(2000).fill([]) }), /more than 2000 keys/],
  ['a long key', JSON.stringify({ ['k'.repeat(1025)]: 1 }), /key "k{40}…", .* longer than 1024 bytes/],
  ['a long path', JSON.stringify({ ['ü'.repeat(400)]: { ['x'.repeat(224)]: 1 } }), /longer than 1024 bytes/],
  ['the key id', '{"id":1}', /"id" is reserved/],
  ['the key _id', '{"_id":1}', /"_id" is reserved/],
  ['MET.3: U+0000', '{"a":"\\u0000"}', /U\+0000/],
  ['MET.3: U+0000 in a key', '{"\\u0000":1}', /U\+0000/],
  ['half a surrogate pair', '{"a":"\\ud800"}', /surrogate/],
];
for (const [name, text, problem] of UNFIT) {
  test(`${name} is no metadata, and the sentence says why`, () => {
    const reading = read(text);
    assert.ok('problem' in reading);
    assert.match(reading.problem.message, problem);
  });
}

const VALUE = 'Expecting value';
const COMMA = "Expecting ',' delimiter";
const KEY = 'Expecting property name enclosed in double quotes';
const NOT_JSON: [string, number, number, string][] = [
  ['{"a":\n  NaN}', 2, 3, VALUE],
  ['{"a":\n  Infinity}', 2, 3, VALUE],
  ['{"a":\r\n  -Infinity}', 2, 3, VALUE],
  ['{"é😀": undefined}', 1, 8, VALUE],
  ['{"a": None}', 1, 7, VALUE],
  ['{"a": True}', 1, 7, VALUE],
  ["{'a': 1}", 1, 2, KEY],
  ['{"a": \'b\'}', 1, 7, VALUE],
  ['{a: 1}', 1, 2, KEY],
  ['{"a":\n  1,}', 2, 5, 'Illegal trailing comma before end of object'],
  ['{"a": [1,]}', 1, 10, 'Illegal trailing comma before end of array'],
  ['{"a": 1 // one\n}', 1, 9, COMMA],
  ['/* all */ {}', 1, 1, VALUE],
  ['{"a": 0x1f}', 1, 8, COMMA],
  ['{"a": 007}', 1, 8, COMMA],
  ['{"a": +1}', 1, 7, VALUE],
  ['{"a": .5}', 1, 7, VALUE],
  ['{"a": 1.}', 1, 8, COMMA],
  ['{"a": 1e}', 1, 8, COMMA],
  ['{"a": 1_000}', 1, 8, COMMA],
  ['{"a": -}', 1, 7, VALUE],
  ['{"a": news}', 1, 7, VALUE],
  ['{"a": "b', 1, 7, 'Unterminated string starting at'],
  ['{"a": "b\n"}', 1, 9, 'Invalid control character at'],
  ['{"a": "\\x"}', 1, 8, 'Invalid \\escape'],
  ['{"a":', 1, 6, VALUE],
  ['{"a": 1\n\n', 3, 1, COMMA],
  ['{"a": [1', 1, 9, COMMA],
  ['{', 1, 2, KEY],
  ['{"a" 1}', 1, 6, "Expecting ':' delimiter"],
  ['{"a": 1} x', 1, 10, 'Extra data'],
  ['{"a": 1}\n{"b": 2}', 2, 1, 'Extra data'],
  ['{}\ufeff', 1, 3, 'Extra data'],
  ['\ufeff\ufeff{}', 1, 1, VALUE],
  ['yaml: 1', 1, 1, VALUE],
];
for (const [text, line, column, reason] of NOT_JSON) {
  test(`${JSON.stringify(text)} is no JSON from line ${line}, column ${column} on`, () => {
    const reading = read(text);
    assert.ok('problem' in reading);
    assert.equal(
      reading.problem.message,
      `The metadata is not valid JSON (line ${line}, column ${column}): ${reason}.`,
    );
  });
}

test('numbers keep their text, also where other keys are set', () => {
  const text = `{"tweet_id":1546130668394913822,"a":[1.0,1e5,-0,${'9'.repeat(40)}],"b":{"c":0.10}}`;
  const reading = read(text);
  assert.ok('metadata' in reading);
  assert.equal(JSON.stringify(reading.metadata), text);
  const changes = read('{"b":1.50,"d":12345678901234567890,"a":null}');
  assert.ok('metadata' in changes);
  const merged = mergeMetadata(reading.metadata, changes.metadata);
  assert.equal(metadataProblem(merged), null);
  assert.equal(JSON.stringify(merged), '{"tweet_id":1546130668394913822,"b":1.50,"d":12345678901234567890}');
});

test('MET.2: __proto__ and constructor are keys like any other', () => {
  const reading = read(
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":"x"}',
  );
  assert.ok('metadata' in reading);
  const merged = mergeMetadata(reading.metadata, JSON.parse('{"__proto__":{"other":2}}'));
  assert.deepEqual(Object.keys(merged), ['__proto__', 'constructor', 'toString']);
  assert.equal(
    JSON.stringify(merged),
    '{"__proto__":{"other":2},"constructor":{"prototype":{"polluted":1}},"toString":"x"}',
  );
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});

test('merging sets keys, and null deletes', () => {
  assert.deepEqual(mergeMetadata({ a: 1, b: { c: 1 } }, { a: null, b: { d: 2 }, e: 3 }), {
    b: { d: 2 },
    e: 3,
  });
  assert.equal(metadataProblem({ a: 1 }), null);
});

test('the code says what is wrong, whatever words the metadata bring', () => {
  const codeOf = (value: unknown) => metadataProblem(value)?.code;
  assert.equal(codeOf({ 'larger than': '\0' }), 'BAD_REQUEST');
  assert.equal(codeOf({ 'larger than': { id: '\ud800' } }), 'BAD_REQUEST');
  assert.equal(codeOf({ a: 'x'.repeat(32_767) }), 'METADATA_TOO_LARGE');
  assert.equal(
    codeOf(Object.fromEntries(Array.from({ length: 9 }, (_, at) => [at, 'x'.repeat(30_000)]))),
    'METADATA_TOO_LARGE',
  );
});
