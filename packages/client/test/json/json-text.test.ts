import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { ExactNumber } from '../../src/json/exact-number.ts';
import { jsonText } from '../../src/json/json-text.ts';
import { readJson } from '../../src/json/read-json.ts';

const shared = { a: 1 };

/** What JSON has a form for is as JSON.stringify has it. */
const AS_STRINGIFY: Record<string, unknown> = {
  scalars: ['', 'grün "quoted" \\ \n \u2028 \u0007', 0, 1.5, 1e21, 5e-324, true, false, null],
  nested: { a: { b: [1, [], {}, { c: null }] }, 'x.y': '', '': [''] },
  'undefined in objects and lists': { a: undefined, b: [undefined, 1] },
  dates: { at: new Date(0), list: [new Date(1e12)] },
  'what makes JSON of itself': {
    url: new URL('https://example.org/a b'),
    own: { toJSON: (key: string) => key },
  },
  'a toJSON that gives nothing': { a: { toJSON: () => undefined }, b: [{ toJSON: () => undefined }] },
  'a key toJSON that is none': { toJSON: 'text' },
  'no prototype': Object.assign(Object.create(null), { a: 1 }),
  'another realm': runInNewContext('({ a: [1, { b: 2 }], at: new Date(0) })'),
  'one object twice': { a: shared, b: [shared, shared] },
  'keys of all kinds': JSON.parse('{"__proto__":{"a":1},"constructor":2,"toString":[3]}'),
  'half of a surrogate pair': ['\ud83d', '\ude00\ud83d'],
};

for (const [title, value] of Object.entries(AS_STRINGIFY)) {
  test(`${title}: as JSON.stringify`, () => {
    assert.equal(jsonText(value), JSON.stringify(value));
    for (const indent of [1, 2, 4]) {
      assert.equal(jsonText(value, { indent }), JSON.stringify(value, null, indent));
    }
  });
}

test('MET.1: numbers keep every digit', () => {
  const numbers = [
    1546130668394913822n,
    -(2n ** 64n),
    new ExactNumber('0.1000000000000000055'),
    2 ** 60,
    1e20,
    -0,
  ];
  const text =
    '[1546130668394913822,-18446744073709551616,0.1000000000000000055,1152921504606846976,100000000000000000000,-0]';
  assert.equal(jsonText(numbers), text);
  assert.equal(jsonText(readJson(text, { exactNumbers: true })), text);
});

test('what JSON.rawJSON made goes out as it is', () => {
  const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown };
  assert.equal(jsonText({ a: rawJSON('1546130668394913822') }), '{"a":1546130668394913822}');
});

class Meta {
  kind = 'own';
}
const circle: Record<string, unknown> = { a: {} };
circle.a = { list: [circle] };
// biome-ignore lint/suspicious/noSparseArray: it is refused
const sparse = [1, , 3];

const REFUSED: [value: unknown, message: RegExp][] = [
  [{ a: { b: [1, Number.NaN] } }, /^a\.b\[1\] is NaN/],
  [{ 'x.y': { '': Number.POSITIVE_INFINITY } }, /^\["x\.y"\]\[""\] is Infinity/],
  [[-1 / 0], /^\[0\] is -Infinity/],
  [{ a: () => 1 }, /^a is a function/],
  [{ a: Symbol('s') }, /^a is a symbol/],
  [{ a: { [Symbol('s')]: 1 } }, /^a has a key that is a symbol/],
  [{ a: new Map([['b', 1]]) }, /^a is a Map/],
  [{ a: new Set([1]) }, /^a is a Set/],
  [{ a: new WeakMap() }, /^a is a WeakMap/],
  [{ a: Promise.resolve() }, /^a is a Promise/],
  [{ a: /x/ }, /^a is a RegExp/],
  [{ a: new Error('x') }, /^a is an Error/],
  [{ a: new Meta() }, /^a is a Meta/],
  [{ a: new Uint8Array(2) }, /^a is a Uint8Array/],
  [{ a: Buffer.from('x') }, /^a is a Buffer/],
  [{ a: new ArrayBuffer(2) }, /^a is an ArrayBuffer/],
  [{ a: new Blob([]) }, /^a is a Blob/],
  [{ a: Object(1) }, /^a is a Number/],
  [{ a: runInNewContext('new Map()') }, /^a is a Map/],
  [{ a: new Date(Number.NaN) }, /^a is an invalid Date/],
  [{ a: { toJSON: () => new Map() } }, /^a is a Map/],
  [{ a: { toJSON: () => Number.NaN } }, /^a is NaN/],
  [
    {
      a: {
        toJSON: () => {
          throw new Error('not now');
        },
      },
    },
    /^a cannot be read: not now/,
  ],
  [{ a: sparse }, /^a\[1\] is missing/],
  [{ a: 'b'.match(/b/) }, /^a is a list with a key, "index"/],
  [new Array(2 ** 32 - 1), /^\[0\] is missing/],
  [circle, /^a\.list\[0\] leads back to itself/],
  [undefined, /^The value is undefined/],
  [JSON.parse('['.repeat(10_000) + ']'.repeat(10_000)), /is nested deeper than 500 levels/],
];

for (const [value, message] of REFUSED) {
  test(`what JSON would change or lose is refused: ${message.source.slice(1)}`, () => {
    assert.throws(() => jsonText(value), { name: 'ArgumentError', message });
  });
}
