import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Metadata } from '../../src/domain/file.ts';
import {
  firstBytes,
  INDEXED_BYTES,
  indexEntries,
  indexedPath,
  indexedValue,
  wholeForm,
} from '../../src/domain/metadata-index.ts';

const entriesOf = (metadata: Metadata) =>
  indexEntries(metadata).map(({ path, value }) => [path, value] as const);
const scalar = (value: string | number | boolean | null) => indexedValue(value);

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
  assert.equal(scalar(Number('9007199254740993')), scalar(2 ** 53), 'as JSON.parse reads it');
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
