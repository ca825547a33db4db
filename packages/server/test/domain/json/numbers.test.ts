import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  distanceFromDouble,
  doubleOf,
  isRawNumber,
  numberOf,
  parseJson,
} from '../../../src/domain/json/numbers.ts';

const digits = (most: number) =>
  fc.array(fc.constantFrom(...'0123456789'), { minLength: 1, maxLength: most }).map((all) => all.join(''));
const whole = digits(25).map((text) => text.replace(/^0+(?=\d)/, ''));
const maybe = (text: fc.Arbitrary<string>) => fc.oneof(fc.constant(''), text);
const number = fc
  .tuple(
    fc.constantFrom('', '-'),
    whole,
    maybe(digits(20).map((text) => `.${text}`)),
    maybe(fc.tuple(fc.constantFrom('e', 'E', 'e+', 'e-'), digits(2)).map((parts) => parts.join(''))),
  )
  .map((parts) => parts.join(''));

test('every number keeps its text', () => {
  fc.assert(
    fc.property(fc.array(number), (numbers) => {
      const text = `{"a":[${numbers.join()}]}`;
      assert.equal(JSON.stringify(parseJson(text)), text);
    }),
    { numRuns: 2000 },
  );
  // The last that a double gives back, and the first ones that it does not.
  const text =
    '[123456789012345,0.1,1e21,-0,1.0,10.10,9007199254740993,1546130668394913822,0.000001,0.0000001,1E5,-0.0]';
  assert.equal(JSON.stringify(parseJson(text)), text);
});

test('wherever it stands', () => {
  for (const text of [
    '{"a":1.0}',
    '[1,1.0]',
    '[1.0]',
    '{"a":[[],-0]}',
    '{"a":0.0,"b":1}',
    '{"a":{"b":1e5}}',
  ]) {
    assert.equal(JSON.stringify(parseJson(text)), text);
    const spaced = text.replace(/[[\]{},:]/g, '\n\t $& \r\n');
    assert.equal(JSON.stringify(parseJson(spaced)), text, JSON.stringify(spaced));
    assert.equal(JSON.stringify(parseJson(text.replace(':', ' :'))), text);
  }
});

test('a number that a double gives back is one', () => {
  assert.deepEqual(parseJson('{"a":[1,1.5,-2,0,1e+21,123456789.123],"b":"1.0 at 12:00 -0 1e5"}'), {
    a: [1, 1.5, -2, 0, 1e21, 123456789.123],
    b: '1.0 at 12:00 -0 1e5',
  });
  assert.ok(isRawNumber(numberOf('1.0')) && !isRawNumber(numberOf('1')));
});

test('a double is read as the number it is, of however many digits', () => {
  const doubles = fc.array(
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((one) => !Object.is(one, -0)),
  );
  fc.assert(fc.property(doubles, (numbers) => assert.deepEqual(parseJson(JSON.stringify(numbers)), numbers)));
});

test('what is read is what JSON.parse reads, else', () => {
  const shape = fc.json().map((json) => `{"number":1.0,"json":${json}}`);
  fc.assert(
    fc.property(shape, (text) => {
      assert.deepEqual(JSON.parse(JSON.stringify(parseJson(text))), JSON.parse(text));
    }),
  );
  const odd = parseJson('{"__proto__":{"a":1.0},"a":1.0,"a":2.0}') as object;
  assert.deepEqual(Object.keys(odd), ['__proto__', 'a']);
  assert.equal(JSON.stringify(odd), '{"__proto__":{"a":1.0},"a":2.0}', 'of a key that comes twice the last');
  assert.throws(() => parseJson('{"a":1.0,}'), SyntaxError);
  const depth = 100_000;
  assert.ok(Array.isArray(parseJson(`${'['.repeat(depth)}1.0${']'.repeat(depth)}`)));
});

test('a whole number beyond 2^53 is so far from its double', () => {
  const cases: [string, bigint | undefined][] = [
    ['9007199254740991', undefined],
    ['-9007199254740991.0', undefined],
    ['9007199254740992', 0n],
    ['9007199254740993', 1n],
    ['9007199254740993.0', 1n],
    ['9007199254740993.5', 0n],
    ['-9007199254740993', -1n],
    ['90071992547409930e-1', 1n],
    ['9.007199254740993e15', 1n],
    ['1546130668394913822', 30n],
    ['1e22', 0n],
    ['1e23', 8_388_608n],
    ['100000000000000000000000', 8_388_608n],
    ['1e39', 10n ** 39n - BigInt(1e39)],
    ['1e40', 0n],
    ['1e308', 0n],
    ['1e999', 0n],
    ['0e999', undefined],
  ];
  for (const [text, distance] of cases) {
    assert.equal(distanceFromDouble(numberOf(text)), distance, text);
  }
});

test('MET.2: an escaped key is read as what it is, whatever keys there were before', () => {
  const key = fc.string({ unit: fc.constantFrom('"', '\\', '\n', 'a', 'é', ':', '0') });
  const object = fc
    .uniqueArray(key)
    .chain((keys) => fc.tuple(...keys.map((one) => fc.tuple(fc.constant(one), fc.nat(9)))));
  const quoted = (one: string, isAscii: boolean) =>
    isAscii ? JSON.stringify(one).replaceAll('é', '\\u00e9') : JSON.stringify(one);
  fc.assert(
    fc.property(object, fc.boolean(), fc.constantFrom('', '.0'), (entries, isAscii, tail) => {
      const text = `[{${entries.map(([one, value]) => `${quoted(one, isAscii)} : ${value}${tail}`).join()}}]`;
      const [read] = parseJson(text) as [object];
      assert.deepEqual(new Set(Object.keys(read)), new Set(entries.map(([one]) => one)), text);
      for (const [one, value] of Object.entries(read))
        assert.equal(doubleOf(value), new Map(entries).get(one));
    }),
    { numRuns: 2000 },
  );
  JSON.parse('{"h":[],"\\\\":0}'); // without this, V8 reads the next one right
  assert.equal(JSON.stringify(parseJson('{"h":1,"\\"":2}')), '{"h":1,"\\"":2}');
  const text =
    '{"escaped:0":1,"a\\"b":{"\\u00e9":1.0,"escaped:":[{"\\n":"\\": "}]},"x":"\\"","__proto__":{"\\\\":1}}';
  assert.equal(JSON.stringify(parseJson(text)), text.replace('\\u00e9', 'é'));
  assert.equal(
    JSON.stringify(parseJson('{"a":1,"b":2,"\\u0061":3.0}')),
    '{"a":3.0,"b":2}',
    'the last one counts',
  );
});
