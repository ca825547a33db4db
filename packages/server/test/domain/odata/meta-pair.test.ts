import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numberOf } from '../../../src/domain/json/numbers.ts';
import { metaPairFilter } from '../../../src/domain/odata/meta-pair.ts';

const property = { of: 'metadata', path: 'a' };
const one = (value: string) => metaPairFilter('a', value);

test('a value is its text, and what that may be written for', () => {
  for (const [text, values] of [
    ['news', ['news']],
    ['2024', ['2024', 2024]],
    ['-1.5e3', ['-1.5e3', numberOf('-1.5e3')]],
    ['2025-01-01', ['2025-01-01']],
    ['true', ['true', true]],
    ['null', ['null']],
    ['', ['']],
    ['{"b":1}', ['{"b":1}']],
    ['[]', ['[]']],
    ['[1,[2]]', ['[1,[2]]']],
    ['[null]', ['[null]']],
    ['[1', ['[1']],
    ["it's", ["it's"]],
  ] as const) {
    assert.deepEqual(one(text), { kind: 'in', property, values }, text);
  }
});

test('a list in JSON is one text, or all of its elements', () => {
  const text = '["x", "2", 2, true]';
  const equal = (value: unknown) => ({ kind: 'compare', property, operator: 'eq', value });
  assert.deepEqual(one(text), {
    kind: 'or',
    of: [
      { kind: 'in', property, values: [text] },
      { kind: 'and', of: ['x', '2', 2, true].map(equal) },
    ],
  });
  assert.equal(one(JSON.stringify(Array(101).fill(1)))?.kind, 'in', 'too many are a text');
});

test('the key is taken as it is; alone it asks for any value; a value alone is refused', () => {
  assert.equal(metaPairFilter(undefined, undefined), null);
  assert.equal(metaPairFilter('', ''), null);
  assert.deepEqual(metaPairFilter('name', 'x'), {
    kind: 'in',
    property: { of: 'metadata', path: 'name' },
    values: ['x'],
  });
  assert.equal(metaPairFilter('a', undefined)?.kind, 'or');
  assert.throws(() => metaPairFilter(undefined, 'x'), { code: 'INVALID', location: ['query', 'meta_value'] });
  assert.throws(() => metaPairFilter('a\0', 'x'), { code: 'INVALID', location: ['query', 'meta_key'] });
  assert.throws(() => metaPairFilter('a', '\0'), { code: 'INVALID', location: ['query', 'meta_value'] });
});
