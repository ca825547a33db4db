import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePolicy } from '../../../src/uploads/post-policy/policy.ts';
import { credentialOf, equalSignatures, signPolicy } from '../../../src/uploads/post-policy/signature.ts';

// The example of "Browser-Based Upload using HTTP POST" in Amazon's API reference: its policy, line by line.
const POLICY = [
  '{ "expiration": "2015-12-30T12:00:00.000Z",',
  '  "conditions": [',
  '    {"bucket": "sigv4examplebucket"},',
  '    ["starts-with", "$key", "user/user1/"],',
  '    {"acl": "public-read"},',
  '    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},',
  '    ["starts-with", "$Content-Type", "image/"],',
  '    {"x-amz-meta-uuid": "14365123651274"},',
  '    {"x-amz-server-side-encryption": "AES256"},',
  '    ["starts-with", "$x-amz-meta-tag", ""],',
  '',
  '    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},',
  '    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},',
  '    {"x-amz-date": "20151229T000000Z" }',
  '  ]',
  '}',
].join('\r\n');

test('the example that Amazon publishes gets the signature that Amazon publishes', () => {
  const encoded = Buffer.from(POLICY).toString('base64');
  assert.equal(encoded.length, 864);
  const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  assert.equal(
    signPolicy(encoded, { secretAccessKey, date: '20151229', region: 'us-east-1' }),
    '8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e',
  );
  const scope = 'AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request';
  assert.equal(credentialOf('AKIAIOSFODNN7EXAMPLE', '20151229', 'us-east-1'), scope);

  const policy = parsePolicy(encoded);
  assert.equal(policy.expiresAt, Date.parse('2015-12-30T12:00:00Z') * 1000);
  assert.equal(policy.keyPrefix, 'user/user1/');
  assert.equal(policy.conditions.length, 11);
});

test('POL.2: signatures of another length are unequal, not an error', () => {
  const signature = 'a'.repeat(64);
  assert.equal(equalSignatures(signature, signature), true);
  for (const other of [
    '',
    'a',
    'a'.repeat(63),
    'a'.repeat(65),
    'A'.repeat(64),
    `${'a'.repeat(63)}b`,
    'ä'.repeat(32),
  ]) {
    assert.equal(equalSignatures(signature, other), false, other);
  }
});
