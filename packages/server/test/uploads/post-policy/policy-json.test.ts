import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type PolicyJson, parsePolicyJson } from '../../../src/uploads/post-policy/policy-json.ts';

const plain = (value: PolicyJson): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  return value instanceof Map ? [...value].map(([key, item]) => [key, plain(item)]) : value;
};
const entries = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(entries);
  return value instanceof Object ? Object.entries(value).map(([key, item]) => [key, entries(item)]) : value;
};

test('what JSON is, is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), fc.constantFrom(0, 2), (json, indent) => {
      const text = JSON.stringify(JSON.parse(json), null, indent);
      assert.deepEqual(plain(parsePolicyJson(text)), entries(JSON.parse(text)));
    }),
  );
});

test('S3 has two escapes more', () => {
  assert.equal(parsePolicyJson('"\\$\\v\\u0041\\b\\f\\n\\r\\t\\\\\\/\\""'), '$\vA\b\f\n\r\t\\/"');
});

test('POL.6: keys of the prototype are inert', () => {
  const object = parsePolicyJson('{"__proto__": {"a": 1}, "constructor": 2}');
  assert.ok(object instanceof Map);
  assert.deepEqual([...object.keys()], ['__proto__', 'constructor']);
  assert.equal(({} as { a?: number }).a, undefined);
});

test('POL.6: a key that stands twice is refused, and nesting beyond ten levels', () => {
  for (const text of ['{"a": 1, "a": 1}', '{"a": 1, "\\u0061": 2}', '[{"b": {"c": 1, "c": 2}}]']) {
    assert.throws(() => parsePolicyJson(text), SyntaxError, text);
  }
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  assert.doesNotThrow(() => parsePolicyJson(nested(11)));
  for (const levels of [12, 20_000]) assert.throws(() => parsePolicyJson(nested(levels)), SyntaxError);
});

test('what is not JSON is refused', () => {
  const cases = [
    '',
    ' ',
    '{',
    '[1,]',
    '[,1]',
    '{"a":1,}',
    '{a:1}',
    "{'a':1}",
    '{"a" 1}',
    '[1 2]',
    '1 2',
    '"a',
    '"\n"',
    '"\\x41"',
    '"\\u00g0"',
    '01',
    '1.',
    '.5',
    '+1',
    'NaN',
    'nul',
    '\ufeff{}',
    '{}x',
    '[]]',
  ];
  for (const text of cases) assert.throws(() => parsePolicyJson(text), SyntaxError, text);
});
