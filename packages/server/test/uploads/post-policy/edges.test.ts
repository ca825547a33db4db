import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkForm } from '../../../src/uploads/post-policy/check.ts';
import { MAX_POLICY_TEXT, parsePolicy } from '../../../src/uploads/post-policy/policy.ts';
import { createFormVerifier } from '../../../src/uploads/post-policy/verify-form.ts';

const policyOf = (...conditions: unknown[]) => {
  const document = { expiration: '2030-01-01T00:00:00Z', conditions: [{ bucket: 'b' }, ...conditions] };
  return parsePolicy(Buffer.from(JSON.stringify(document)).toString('base64'));
};

test('POL.7: `eq` is met by its value alone, `starts-with` by what begins with it', () => {
  const cases: [unknown, string, boolean][] = [
    [['eq', '$key', 'o/w/a'], 'o/w/a', true],
    [['eq', '$key', 'o/w/a'], 'o/w/ab', false],
    [['eq', '$key', 'o/w/a'], 'o/w/a/b', false],
    [['eq', '$key', 'o/w/a'], 'o/w/', false],
    [{ key: 'o/w/a' }, 'o/w/a', true],
    [{ key: 'o/w/a' }, 'o/w/ab', false],
    [['starts-with', '$key', 'o/w/a'], 'o/w/a', true],
    [['starts-with', '$key', 'o/w/a'], 'o/w/ab', true],
    [['starts-with', '$key', 'o/w/a'], 'o/w/', false],
    [['starts-with', '$key', 'o/w/a'], 'x/o/w/a', false],
  ];
  for (const [condition, key, isAdmitted] of cases) {
    const check = () => checkForm(new Map([['key', key]]), policyOf(condition), { bucket: 'b', now: 0 });
    const what = `${JSON.stringify(condition)} ${key}`;
    if (isAdmitted) assert.equal(check(), key, what);
    else assert.throws(check, { code: 'AccessDenied' }, what);
  }
});

test('POL.10: of several length ranges the narrowest counts, in whatever order they stand', () => {
  const cases: [[number, number][], [number, number]][] = [
    [[[3, 7]], [3, 7]],
    [
      [
        [3, 7],
        [0, 100],
      ],
      [3, 7],
    ],
    [
      [
        [0, 100],
        [3, 7],
      ],
      [3, 7],
    ],
    [
      [
        [0, 7],
        [3, 100],
      ],
      [3, 7],
    ],
    [
      [
        [3, 100],
        [0, 7],
      ],
      [3, 7],
    ],
  ];
  for (const [ranges, expected] of cases) {
    const policy = policyOf(...ranges.map((range) => ['content-length-range', ...range]));
    assert.deepEqual([policy.minBytes, policy.maxBytes], expected, JSON.stringify(ranges));
  }
});

test('a form may hold as much metadata, and a policy be as long, as the limits say', () => {
  const policy = policyOf(['starts-with', '$key', ''], ['starts-with', '$x-amz-meta-a', '']);
  const check = (bytes: number) => {
    const value = 'x'.repeat(bytes - 'x-amz-meta-a'.length);
    const fields = { key: 'k', 'x-amz-meta-a': value };
    return () => checkForm(new Map(Object.entries(fields)), policy, { bucket: 'b', now: 0 });
  };
  assert.equal(check(2048)(), 'k');
  assert.throws(check(2049), { code: 'MetadataTooLarge' });

  const credentials = { accessKeyId: 'a', secretAccessKey: 's' };
  const verify = createFormVerifier({ credentials, region: 'r', clock: () => 0 });
  const signed = (length: number) => () =>
    verify(
      new Map([
        ['key', 'k'],
        ['policy', 'A'.repeat(length)],
        ['x-amz-algorithm', 'AWS4-HMAC-SHA256'],
        ['x-amz-credential', 'a/20260101/r/s3/aws4_request'],
        ['x-amz-date', '20260101T000000Z'],
        ['x-amz-signature', '0'.repeat(64)],
      ]),
    );
  assert.throws(signed(MAX_POLICY_TEXT), { code: 'SignatureDoesNotMatch' }, 'it was looked at');
  assert.throws(signed(MAX_POLICY_TEXT + 1), { code: 'InvalidPolicyDocument' });
});
