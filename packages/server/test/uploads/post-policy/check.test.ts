import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SECOND } from '../../../src/domain/instant.ts';
import { checkForm } from '../../../src/uploads/post-policy/check.ts';
import { parsePolicy } from '../../../src/uploads/post-policy/policy.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z') * 1000;
const KEY = ['starts-with', '$key', 'o/w/s1/'];

const check = (
  fields: Record<string, string>,
  conditions: unknown[],
  expiration = '2026-01-01T00:00:01Z',
) => {
  const document = { expiration, conditions };
  const policy = parsePolicy(Buffer.from(JSON.stringify(document)).toString('base64'));
  return checkForm(new Map(Object.entries(fields)), policy, { bucket: 'b', now: NOW });
};

test('a form that does what its policy says gets its key', () => {
  const cases: [Record<string, string>, unknown[]][] = [
    [{}, []],
    [{ acl: 'private' }, [{ acl: 'private' }]],
    [{ acl: 'private' }, [['eq', '$ACL', 'private']]],
    [{ 'content-type': 'image/png' }, [['starts-with', '$Content-Type', 'image/']]],
    [{ 'content-type': 'image/png, image/gif' }, [['starts-with', '$Content-Type', 'image/']]],
    [{ success_action_status: '201' }, [['starts-with', '$success_action_status', '']]],
    [{}, [['starts-with', '$success_action_status', '']]],
    [{ 'x-ignore-me': 'x', policy: 'p', 'x-amz-signature': 's' }, []],
    [{ bucket: 'b' }, []],
    [{ 'x-amz-meta-a': 'x'.repeat(2000) }, [['starts-with', '$x-amz-meta-a', '']]],
    [{ ['__proto__']: 'x' }, [['eq', '$__proto__', 'x']]],
  ];
  for (const [fields, conditions] of cases) {
    const key = check({ key: 'o/w/s1/a', ...fields }, [{ bucket: 'b' }, KEY, ...conditions]);
    assert.equal(key, 'o/w/s1/a', JSON.stringify(fields));
  }
});

test('what the policy does not admit is AccessDenied', () => {
  const bucket = { bucket: 'b' };
  const key = { key: 'o/w/s1/a' };
  const cases: [string, Record<string, string>, unknown[], RegExp][] = [
    [
      'POL.7: a key outside the prefix',
      { key: 'o/w/s2/a' },
      [bucket, KEY],
      /Policy Condition failed: \["starts-with","\$key","o\/w\/s1\/"\]/,
    ],
    [
      'POL.7: a folder whose name starts alike',
      { key: 'o/w/s10/a' },
      [bucket, KEY],
      /Policy Condition failed/,
    ],
    [
      'POL.13: another bucket',
      key,
      [{ bucket: 'other' }, KEY],
      /Policy Condition failed: \["eq","\$bucket","other"\]/,
    ],
    ['no condition on the bucket', key, [KEY], /Extra input fields: "bucket"/],
    [
      'a bucket field for another one',
      { ...key, bucket: 'other' },
      [bucket, KEY],
      /"bucket" names another bucket/,
    ],
    ['POL.8: acl', { ...key, acl: 'public-read' }, [bucket, KEY], /Extra input fields: "acl"/],
    ['POL.8: tagging', { ...key, tagging: '<Tagging/>' }, [bucket, KEY], /Extra input fields: "tagging"/],
    ['POL.8: metadata', { ...key, 'x-amz-meta-a': '1' }, [bucket, KEY], /Extra input fields: "x-amz-meta-a"/],
    ['POL.8: redirect', { ...key, success_action_redirect: 'http://x' }, [bucket, KEY], /Extra input fields/],
    [
      'POL.8: storage class',
      { ...key, 'x-amz-storage-class': 'GLACIER' },
      [bucket, KEY],
      /Extra input fields/,
    ],
    [
      'a condition on a field that did not come',
      key,
      [bucket, KEY, { acl: 'private' }],
      /Policy Condition failed: \["eq","\$acl","private"\]\. The form has no field "acl"\.$/,
    ],
    [
      'a prefix of a field that did not come',
      key,
      [bucket, KEY, ['starts-with', '$x-amz-meta-a', 'x']],
      /Policy Condition failed/,
    ],
    [
      'an exact empty value of a field that did not come',
      key,
      [bucket, KEY, { acl: '' }],
      /Policy Condition failed/,
    ],
    [
      'one content type of several',
      { ...key, 'content-type': 'image/png, text/html' },
      [bucket, KEY, ['starts-with', '$Content-Type', 'image/']],
      /Policy Condition failed/,
    ],
    [
      'values differ in letter case',
      { ...key, acl: 'Private' },
      [bucket, KEY, { acl: 'private' }],
      /Policy Condition failed/,
    ],
  ];
  for (const [what, fields, conditions, message] of cases) {
    assert.throws(() => check(fields, conditions), { code: 'AccessDenied', message }, what);
  }
});

test('POL.4: a policy ends with its expiration', () => {
  const conditions = [{ bucket: 'b' }, KEY];
  const key = { key: 'o/w/s1/a' };
  assert.equal(check(key, conditions, '2026-01-01T00:00:00.000001Z'), key.key);
  for (const expiration of ['2026-01-01T00:00:00Z', '2025-12-31T23:59:59Z']) {
    const expected = { code: 'AccessDenied', message: 'Invalid according to Policy: Policy expired.' };
    assert.throws(() => check(key, conditions, expiration), expected);
  }
  assert.equal(NOW % SECOND, 0);
});

test('keys that are none are refused', () => {
  const conditions = [{ bucket: 'b' }, KEY];
  const cases: [string, Record<string, string>, unknown[], string][] = [
    ['no key', {}, [{ bucket: 'b' }], 'UserKeyMustBeSpecified'],
    ['an empty key', { key: '' }, [{ bucket: 'b' }, ['starts-with', '$key', '']], 'UserKeyMustBeSpecified'],
    ['POL.11: a bare prefix', { key: 'o/w/s1/' }, conditions, 'UserKeyMustBeSpecified'],
    ['NUL', { key: 'o/w/s1/a\0b' }, conditions, 'InvalidArgument'],
    [
      'metadata over 2 KB',
      { key: 'o/w/s1/a', 'x-amz-meta-a': 'é'.repeat(1020) },
      [...conditions, ['starts-with', '$x-amz-meta-a', '']],
      'MetadataTooLarge',
    ],
  ];
  for (const [what, fields, policy, code] of cases)
    assert.throws(() => check(fields, policy), { code }, what);
});
