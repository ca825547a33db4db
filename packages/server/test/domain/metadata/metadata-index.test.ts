import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Metadata } from '../../../src/domain/file.ts';
import { numberOf, parseJson } from '../../../src/domain/json/numbers.ts';
import {
  firstBytes,
  INDEXED_BYTES,
  indexEntries,
  indexedPath,
  indexedValue,
  type Scalar,
  timeOf,
  wholeForm,
} from '../../../src/domain/metadata/metadata-index.ts';
import type { Time } from '../../../src/domain/time.ts';

const entriesOf = (metadata: Metadata) =>
  indexEntries(metadata).map(({ path, value }) => [path, value] as const);
const scalar = (value: Scalar) => indexedValue(value);
const form = (text: string) => indexedValue(numberOf(text));

test('every scalar is an entry, under the path of its keys', () => {
  const cases: [Metadata, (readonly [string, string])[]][] = [
    [{}, []],
    [{ a: 'x' }, [['a', scalar('x')]]],
    [
      { a: true, b: null },
      [
        ['a', 'b1'],
        ['b', 'z'],
      ],
    ],
    [{ a: { b: { c: 1 } } }, [['a.b.c', scalar(1)]]],
    [{ 'a.b': 1 }, [['a.b', scalar(1)]]],
    [
      { a: [1, 'x', [2]] },
      [
        ['a', scalar(1)],
        ['a', scalar('x')],
        ['a', scalar(2)],
      ],
    ],
    [
      { a: [{ b: 1 }, { b: 2, c: [3] }] },
      [
        ['a.b', scalar(1)],
        ['a.b', scalar(2)],
        ['a.c', scalar(3)],
      ],
    ],
    [{ a: [], b: {}, c: [[], {}] }, []],
    [{ a: ['x', 'x', 'x'] }, [['a', 'sx']]],
    [{ a: { b: 1 }, 'a.b': 1 }, [['a.b', scalar(1)]]],
    [
      { 'a\nsx': 'y', a: 'x\nsy' },
      [
        ['a\nsx', 'sy'],
        ['a', 'sx\nsy'],
      ],
    ],
    [{ '': 1 }, [['', scalar(1)]]],
    [{ a: 'x\0y' }, [['a', 'sx\0y']]],
  ];
  for (const [metadata, expected] of cases)
    assert.deepEqual(entriesOf(metadata), expected, JSON.stringify(metadata));
});

test('MET.2: names of built-in properties are keys like any other', () => {
  const metadata = JSON.parse(
    '{"__proto__":{"x":1},"constructor":{"prototype":"y"},"toString":2}',
  ) as Metadata;
  assert.deepEqual(entriesOf(metadata), [
    ['__proto__.x', scalar(1)],
    ['constructor.prototype', scalar('y')],
    ['toString', scalar(2)],
  ]);
  assert.equal(({} as { x?: number }).x, undefined);
});

test('MET.1: metadata nested 1,000 deep and numbers beyond 2^53 have entries', () => {
  const nested = JSON.parse(`${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`) as Metadata;
  assert.deepEqual(entriesOf(nested), [[indexedPath(Array(1000).fill('a').join('.')), scalar(1)]]);
  const numbers = JSON.parse('{"a":[9007199254740993,1e308,1e999,-1e999,5e-324]}') as Metadata;
  assert.equal(entriesOf(numbers).length, 5);
});

test('the order of forms is the order of numbers', () => {
  const numbers = fc.double({ noNaN: true });
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      assert.equal(compareBytes(scalar(a), scalar(b)), Math.sign(a - b) || 0);
    }),
  );
  const ascending = [-Infinity, -1e300, -2, -1.5, -5e-324, 0, 5e-324, 1, 1.5, 10, 2 ** 53, 1e300, Infinity];
  assert.deepEqual([...ascending].map(scalar).sort(compareBytes), ascending.map(scalar));
  assert.equal(scalar(-0), scalar(0));
});

test('whole numbers of up to 40 digits have the order they have, and equal ones one form', () => {
  const most = 10n ** 40n - 1n;
  const whole = fc.oneof(
    fc.bigInt({ min: -most, max: most }),
    fc.bigInt({ min: 2n ** 53n - 4n, max: 2n ** 53n + 4n }),
    fc
      .tuple(fc.constantFrom(2n ** 64n, -(10n ** 39n)), fc.bigInt({ min: -3n, max: 3n }))
      .map(([a, b]) => a + b),
  );
  fc.assert(
    fc.property(whole, whole, (a, b) => {
      assert.equal(compareBytes(form(`${a}`), form(`${b}`)), a < b ? -1 : Number(a > b));
      assert.equal(form(`${a}`), form(`${a}.0`));
      assert.equal(form(`${a}`), form(a === 0n ? '0e-1' : `${a}0e-1`));
      assert.ok(form(`${a}`).length === form(`${-a}`).length);
    }),
    { numRuns: 1000 },
  );
});

test('all other numbers are taken for their doubles', () => {
  const equal = [
    ['1', '1.0', '1e0', '10E-1', '0.1e1'],
    ['0', '-0', '0.0', '-0e5', '1e-400'],
    ['100000', '1e5', '1E+5', '100000.000'],
    ['0.1', '0.1000000000000000055511151231257827'],
    ['1e40', '1.0e40', '10000000000000000303786028427003666890752'],
    ['9007199254740992', '9007199254740992.5'],
    ['1e308', '10e307'],
  ];
  for (const [first = '', ...others] of equal) {
    for (const other of others) assert.equal(form(other), form(first), `${other} is ${first}`);
  }
  const ascending = [
    '-1e308',
    '-1e40',
    `-${'9'.repeat(39)}`,
    '-9007199254740993',
    '-9007199254740992',
    '-1.5',
  ]
    .concat([
      '0',
      '5e-324',
      '9007199254740991',
      '9007199254740992',
      '9007199254740993',
      '18446744073709551615',
    ])
    .concat(['18446744073709551616', '9'.repeat(40), '1e40', '1e308']);
  assert.deepEqual([...ascending].map(form).sort(compareBytes), ascending.map(form));
  assert.equal(new Set(ascending.map(form)).size, ascending.length);
});

test('a number keeps its text in the metadata and has the entry of its value', () => {
  const metadata = parseJson('{"a":[1546130668394913822,1.0,1]}') as Metadata;
  assert.deepEqual(entriesOf(metadata), [
    ['a', form('1546130668394913822')],
    ['a', scalar(1)],
  ]);
});

test('a text that says a time has an entry as such besides', () => {
  const [text, time] = ['2026-01-02T01:00:00.250+01:00', 't063934617600.25'];
  assert.deepEqual(entriesOf({ a: text, b: { c: [text, 'x'] } }), [
    ['a', `s${text}`],
    ['a', time],
    ['b.c', `s${text}`],
    ['b.c', time],
    ['b.c', 'sx'],
  ]);
  assert.deepEqual(entriesOf({ a: ['2026-01-02', '2026-01-02T00:00:00Z'] }), [
    ['a', 's2026-01-02'],
    ['a', 't063934617600.'],
    ['a', 's2026-01-02T00:00:00Z'],
  ]);
  for (const none of ['2026-02-30', '2026-01-02T00:00:00', '2026-01-02 x', '26-01-02', '2026-01', '']) {
    assert.equal(timeOf(none), undefined, none);
    assert.equal(entriesOf({ a: none }).length, 1);
  }
});

test('the order of forms is the order of times, of any year, zone and precision', () => {
  const ascending = [
    '0000-01-01T00:00:00+23:59',
    '0000-01-01T00:00:00Z',
    '1969-12-31T23:59:59.999999999999Z',
    '1970-01-01',
    '1970-01-01T00:00:00.0000000000000000001Z',
    '1970-01-01T00:00:00.1Z',
    '1970-01-01T00:00:00.10000001Z',
    '1970-01-01T00:00:00.2Z',
    '1970-01-01T00:00:01Z',
    '1970-01-01T02:00:00+01:00',
    '9999-12-31T23:59:59.9Z',
    '9999-12-31T23:59:59-23:59',
  ].map((text) => indexedValue(timeOf(text) as Time));
  assert.deepEqual([...ascending].sort(compareBytes), ascending);
  assert.equal(new Set(ascending).size, ascending.length);
});

test('the order of forms is the order of the UTF-8 bytes of texts, up to where they are cut', () => {
  const texts = [
    '',
    '\0',
    'A',
    'Z',
    'a',
    'a\0',
    'aa',
    'b',
    'é',
    '\ud7ff',
    '\ue000',
    '\uffff',
    '😀',
    '\u{10ffff}',
  ];
  assert.deepEqual([...texts].reverse().map(scalar).sort(compareBytes), texts.map(scalar));
});

test('types never mix', () => {
  const letters = [false, true, -1e308, 1e308, '', '\u{10ffff}', null].map((value) => scalar(value));
  assert.deepEqual([...letters].sort(compareBytes), letters);
  assert.equal(new Set(['1', 1, true, 'true', null, 'null', ''].map((value) => scalar(value))).size, 7);
});

test('long texts and paths are cut, and stay different', () => {
  const long = 'x'.repeat(INDEXED_BYTES - 1);
  assert.deepEqual(indexEntries({ a: long }), [{ path: 'a', value: `s${long}`, fullValue: null }]);
  const texts = [
    `${long}y`,
    `${long}z`,
    `${long}yy`,
    'ü'.repeat(200),
    '😀'.repeat(200),
    `${'x'.repeat(254)}😀`,
  ];
  const entries = texts.flatMap((each) => indexEntries({ a: each }));
  assert.equal(new Set(entries.map((entry) => entry.value)).size, texts.length);
  for (const [at, { value, fullValue }] of entries.entries()) {
    const whole = wholeForm(texts[at] as string);
    assert.equal(fullValue, whole);
    assert.equal(value, indexedValue(texts[at] as string), 'what a filter looks for');
    const size = Buffer.byteLength(value);
    assert.ok(size > INDEXED_BYTES && size <= INDEXED_BYTES + 43, `${size} bytes`);
    assert.ok(value.isWellFormed() && whole.startsWith(firstBytes(whole, INDEXED_BYTES)));
  }
  const paths = [`${long}ab`, `${long}ac`].map((key) => indexEntries({ [key]: 1 })[0]?.path);
  assert.equal(new Set(paths).size, 2);
  assert.equal(paths[0], indexedPath(`${long}ab`));
});

test('what is cut by bytes ends at the end of a character', () => {
  const cases: [string, number, string][] = [
    ['abc', 3, 'abc'],
    ['abc', 2, 'ab'],
    ['aü', 2, 'a'],
    ['a€', 3, 'a'],
    ['a😀', 4, 'a'],
    ['a😀', 5, 'a😀'],
    ['😀', 3, ''],
  ];
  for (const [text, bytes, expected] of cases) assert.equal(firstBytes(text, bytes), expected, text);
});

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
