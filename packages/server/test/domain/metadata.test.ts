import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeMetadata, metadataProblem, readMetadata } from '../../src/domain/metadata.ts';

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
  ['syntax error', '{"a":\n  1,}', /not valid JSON \(line 2, column 5\)/],
  ['trailing comma', '{"a":1,}', /not valid JSON/],
  ['nothing', '', /empty/],
  ['an early end', '{"a":', /not valid JSON/],
  ['an array', '[1]', /not a JSON object/],
  ['a string', '"a"', /not a JSON object/],
  ['NaN', '{"a":NaN}', /not valid JSON/],
  ['a number beyond the range', '{"a":1e999}', /out of range/],
  ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), /not valid JSON/],
  ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), /UTF-8/],
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
