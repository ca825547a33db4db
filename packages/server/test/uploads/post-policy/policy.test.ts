import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicy } from '../../../src/uploads/post-policy/policy.ts';

const EXPIRATION = '2030-01-01T00:00:00Z';
const encode = (document: unknown): string =>
  Buffer.from(typeof document === 'string' ? document : JSON.stringify(document)).toString('base64');
const withConditions = (...conditions: unknown[]) => encode({ expiration: EXPIRATION, conditions });

test('every kind of condition is read', () => {
  const policy = parsePolicy(
    withConditions(
      { bucket: 'b', ACL: 'private' },
      ['EQ', '$Key', 'k'],
      ['StArTs-WiTh', '$x-amz-meta-tag', ''],
      ['content-length-range', 1, '20'],
      ['Content-Length-Range', 0, 10],
    ),
  );
  assert.deepEqual(
    policy.conditions.map(({ operator, field, value }) => [operator, field, value]),
    [
      ['eq', 'bucket', 'b'],
      ['eq', 'acl', 'private'],
      ['eq', 'key', 'k'],
      ['starts-with', 'x-amz-meta-tag', ''],
    ],
  );
  assert.deepEqual([...policy.coveredFields], ['bucket', 'acl', 'key', 'x-amz-meta-tag']);
  assert.deepEqual([policy.minBytes, policy.maxBytes], [1, 10]);
});

test('without content-length-range a file may have any size', () => {
  const policy = parsePolicy(withConditions({ bucket: 'b' }));
  assert.deepEqual([policy.minBytes, policy.maxBytes], [0, Number.POSITIVE_INFINITY]);
});

test('the folder of a form is what its keys must start with', () => {
  const cases: [unknown[], string][] = [
    [[['starts-with', '$key', 'a/b/']], 'a/b/'],
    [
      [
        ['starts-with', '$key', 'a/'],
        ['starts-with', '$KEY', 'a/b/'],
      ],
      'a/b/',
    ],
    [[{ key: 'a/b/c.txt' }], 'a/b/'],
    [[{ bucket: 'b' }], ''],
  ];
  for (const [conditions, prefix] of cases)
    assert.equal(parsePolicy(withConditions(...conditions)).keyPrefix, prefix);
});

test('POL.4, POL.5, POL.6: what is no policy is an InvalidPolicyDocument', () => {
  const bucket = { bucket: 'b' };
  const cases: [string, string][] = [
    ['not base64', '{}'],
    ['base64 with blanks', ` ${withConditions(bucket)}`],
    ['base64 cut short', withConditions(bucket).slice(0, -1)],
    [
      'base64url',
      encode('{"expiration":"2030-01-01T00:00:00Z","conditions":[{"a":"??>>"}]}')
        .replace(/\+/g, '-')
        .replace(/\//g, '_'),
    ],
    ['empty', ''],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]).toString('base64')],
    ['not JSON', encode('{')],
    ['a list', encode([])],
    ['null', encode('null')],
    ['no expiration', encode({ conditions: [bucket] })],
    ['POL.5: expiration in another letter case', encode({ EXPIRATION, conditions: [bucket] })],
    [
      'an expiration that is no ISO time',
      encode({ expiration: 'Wed, 01 Jan 2030 00:00:00 GMT', conditions: [bucket] }),
    ],
    [
      'an expiration with an offset',
      encode({ expiration: '2030-01-01T00:00:00+01:00', conditions: [bucket] }),
    ],
    [
      'an expiration that does not exist',
      encode({ expiration: '2030-13-01T00:00:00Z', conditions: [bucket] }),
    ],
    [
      'an expiration on a day that does not exist',
      encode({ expiration: '2030-02-30T00:00:00Z', conditions: [bucket] }),
    ],
    ['an expiration at 24:00', encode({ expiration: '2030-01-01T24:00:00Z', conditions: [bucket] })],
    ['an expiration in a leap second', encode({ expiration: '2030-06-30T23:59:60Z', conditions: [bucket] })],
    ['an expiration that is a number', encode({ expiration: 1893456000, conditions: [bucket] })],
    ['no conditions', encode({ expiration: EXPIRATION })],
    ['conditions in another letter case', encode({ expiration: EXPIRATION, CONDITIONS: [bucket] })],
    ['an empty list of conditions', withConditions()],
    ['conditions that are an object', encode({ expiration: EXPIRATION, conditions: bucket })],
    [
      'POL.6: conditions twice',
      encode(
        `{"expiration":"${EXPIRATION}","conditions":[{"bucket":"b"}],"conditions":[["starts-with","$key",""]]}`,
      ),
    ],
    ['an unknown property', encode({ expiration: EXPIRATION, conditions: [bucket], version: 1 })],
    ['a condition that is text', withConditions('bucket')],
    ['an empty condition', withConditions({})],
    ['an empty list as condition', withConditions([])],
    ['an unknown operator', withConditions(['ends-with', '$key', 'a'])],
    ['an operator that is no text', withConditions([1, '$key', 'a'])],
    ['a condition without value', withConditions(['eq', '$key'])],
    ['a condition with two values', withConditions(['eq', '$key', 'a', 'b'])],
    ['a field without $', withConditions(['eq', 'key', 'a'])],
    ['a value that is a number', withConditions({ success_action_status: 201 })],
    ['a length range with one bound', withConditions(['content-length-range', 0])],
    ['a length range with three bounds', withConditions(['content-length-range', 0, 1, 2])],
    ['a negative bound', withConditions(['content-length-range', -1, 10])],
    ['a fractional bound', withConditions(['content-length-range', 0.5, 10])],
    ['bounds in the wrong order', withConditions(['content-length-range', 2, 1])],
    ['a bound that is no number', withConditions(['content-length-range', '0x0', 10])],
  ];
  for (const [what, text] of cases)
    assert.throws(() => parsePolicy(text), { code: 'InvalidPolicyDocument' }, what);
});

test('POL.6: keys of the prototype are conditions on fields of that name', () => {
  const text = `{"expiration":"${EXPIRATION}","conditions":[{"__proto__":"a"},{"constructor":"b"}]}`;
  assert.deepEqual([...parsePolicy(encode(text)).coveredFields], ['__proto__', 'constructor']);
});
