import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numberOf } from '../../../src/domain/json/numbers.ts';
import { INDEXED_BYTES, indexedValue } from '../../../src/domain/metadata/metadata-index.ts';
import type { Comparison, Leaf, Sought } from '../../../src/domain/odata/filter.ts';
import {
  asksForNewForms,
  prefixRange,
  type Selection,
  selectionOf,
  selectsAbsent,
} from '../../../src/domain/odata/selection.ts';

const property = { of: 'metadata', path: 'a' } as const;
const compare = (operator: Comparison, value: Sought): Leaf => ({
  kind: 'compare',
  property,
  operator,
  value,
});
const text = (name: 'contains' | 'startswith' | 'endswith', value: string): Leaf => ({
  kind: 'text',
  property,
  function: name,
  value,
});
const range = (min: string, withMin: boolean, max: string, withMax: boolean) => ({
  min,
  withMin,
  max,
  withMax,
});

test('a comparison selects forms of the type of its literal', () => {
  const one = indexedValue(1);
  const cases: [Leaf, Selection][] = [
    [compare('eq', 'x'), { kind: 'points', values: ['sx'] }],
    [compare('ne', 'x'), { kind: 'points', values: ['sx'] }],
    [compare('eq', null), { kind: 'points', values: ['z'] }],
    [
      { kind: 'in', property, values: [true, 'x', 'x', null] },
      { kind: 'points', values: ['b1', 'sx', 'z'] },
    ],
    [compare('gt', 1), { kind: 'range', range: range(one, false, 'o', false), whole: null }],
    [compare('ge', 1), { kind: 'range', range: range(one, true, 'o', false), whole: null }],
    [compare('lt', 1), { kind: 'range', range: range('n', true, one, false), whole: null }],
    [compare('le', 'x'), { kind: 'range', range: range('s', true, 'sx', true), whole: null }],
    [
      compare('gt', { seconds: -1, fraction: '5' }),
      { kind: 'range', range: range('t062167305599.5', false, 'u', false), whole: null },
    ],
    [text('startswith', 'ab'), { kind: 'range', range: range('sab', true, 'sac', false), whole: null }],
    [text('startswith', ''), { kind: 'range', range: range('s', true, 't', false), whole: null }],
    [
      text('contains', 'ab'),
      { kind: 'range', range: range('s', true, 't', false), whole: { kind: 'contains', text: 'ab' } },
    ],
    [
      text('endswith', ''),
      { kind: 'range', range: range('s', true, 't', false), whole: { kind: 'endswith', text: '' } },
    ],
  ];
  for (const [leaf, expected] of cases) assert.deepEqual(selectionOf(leaf), expected, JSON.stringify(leaf));
});

test('bounds that are long are compared whole, within bounds that are short', () => {
  const long = 'x'.repeat(INDEXED_BYTES);
  const short = `s${'x'.repeat(INDEXED_BYTES - 5)}`;
  assert.deepEqual(selectionOf(compare('gt', long)), {
    kind: 'range',
    range: range(short, true, 't', false),
    whole: { kind: 'range', range: range(`s${long}`, false, 't', false) },
  });
  assert.deepEqual(selectionOf(compare('le', long)), {
    kind: 'range',
    range: range('s', true, 't', false),
    whole: { kind: 'range', range: range('s', true, `s${long}`, true) },
  });
});

test('only null selects files without the key', () => {
  assert.ok(selectsAbsent(compare('eq', null)));
  assert.ok(selectsAbsent({ kind: 'in', property, values: [1, null] }));
  for (const leaf of [compare('eq', ''), compare('lt', 1), text('contains', '')]) {
    assert.ok(!selectsAbsent(leaf), JSON.stringify(leaf));
  }
});

test('what entries of version 0 do not tell is known', () => {
  const time = { seconds: 0, fraction: '' };
  const big = numberOf('-9007199254740993');
  const olds = [
    compare('eq', 1),
    compare('lt', 2 ** 53 - 1),
    compare('ge', 't'),
    compare('eq', null),
    text('contains', '2026-01-01'),
  ];
  const news = [compare('eq', time), compare('ne', big), compare('gt', 2 ** 53), compare('lt', 1e300)];
  for (const leaf of olds) assert.ok(!asksForNewForms(leaf), JSON.stringify(leaf));
  for (const leaf of news) assert.ok(asksForNewForms(leaf), JSON.stringify(leaf));
  const [old, one] = [compare('eq', 1), compare('eq', time)];
  assert.ok(asksForNewForms({ kind: 'and', of: [old, { kind: 'not', of: { kind: 'or', of: [old, one] } }] }));
  assert.ok(asksForNewForms({ kind: 'in', property, values: [1, time] }));
  const own: Leaf = { ...compare('eq', 2 ** 60), property: { of: 'file', field: 'size' } } as Leaf;
  assert.ok(!asksForNewForms(own));
});

test('a prefix ends before the next text that does not begin with it', () => {
  const cases: [string, string | null][] = [
    ['a', 'b'],
    ['az', 'a{'],
    ['\ud7ff', '\ue000'],
    ['\uffff', '\u{10000}'],
    ['a\u{10ffff}', 'b'],
    ['a\u{10ffff}\u{10ffff}', 'b'],
    ['\u{10ffff}', null],
    ['', null],
  ];
  for (const [prefix, max] of cases) assert.deepEqual(prefixRange(prefix), { min: prefix, max });
});
