import assert from 'node:assert/strict';
import { test } from 'node:test';
import { S3Client } from '@aws-sdk/client-s3';
import { HOUR, SECOND } from '../../../src/domain/instant.ts';
import { bucketUrl, formTarget } from '../../../src/objects/s3/form-target.ts';
import { createS3ObjectStore } from '../../../src/objects/s3/store.ts';
import { derivedCredentials } from '../../../src/uploads/derived-credentials.ts';
import { createDirectForms } from '../../../src/uploads/direct-forms.ts';

const NOW = Date.parse('2026-01-02T03:04:05.678Z') * 1000;

const settings = {
  endpoint: 'http://store.internal:9000',
  region: 'eu-central-1',
  accessKeyId: 'key',
  secretAccessKey: 'secret',
  forcePathStyle: true,
  bucket: 'my.bucket',
};

const clientWith = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
  new S3Client({ region: settings.region, credentials });

const formsWith = (client: S3Client, maxBytes = 1) =>
  createDirectForms(formTarget(client, settings, null), { maxBytes, clock: () => NOW });

test('forms go to the bucket as clients reach it', () => {
  const client = clientWith(settings);
  const urls = (
    [
      [{}, null],
      [{}, 'https://files.example/s3'],
      [{ forcePathStyle: false, bucket: 'plain' }, 'https://files.example'],
      [{ endpoint: null, forcePathStyle: false, bucket: 'plain' }, null],
      [{ endpoint: null, forcePathStyle: false }, null],
      [{ endpoint: null, region: 'cn-north-1', bucket: 'plain', forcePathStyle: false }, null],
    ] as const
  ).map(([change, publicEndpoint]) => bucketUrl(client, { ...settings, ...change }, publicEndpoint));
  assert.deepEqual(urls, [
    'http://store.internal:9000/my.bucket/',
    'https://files.example/s3/my.bucket/',
    'https://plain.files.example/',
    'https://plain.s3.eu-central-1.amazonaws.com/',
    'https://s3.eu-central-1.amazonaws.com/my.bucket/',
    'https://plain.s3.cn-north-1.amazonaws.com.cn/',
  ]);
});

test('a form allows its folder and its size until its session ends, and asks for no field it does not bring', async () => {
  const forms = formsWith(clientWith(settings), 1000);
  const { fields } = await forms.createUploadForm({ prefix: 'o/w/s/', expiresAt: NOW + HOUR });
  const policy = JSON.parse(Buffer.from(fields.policy ?? '', 'base64').toString());
  assert.deepEqual(policy, {
    expiration: '2026-01-02T04:04:05Z',
    conditions: [
      ['content-length-range', 0, 1000],
      { bucket: 'my.bucket' },
      ['starts-with', '$key', 'o/w/s/'],
      { 'x-amz-algorithm': 'AWS4-HMAC-SHA256' },
      { 'x-amz-credential': 'key/20260102/eu-central-1/s3/aws4_request' },
      { 'x-amz-date': '20260102T030405Z' },
    ],
  });
});

test('the token of temporary credentials is a field of the form, and signed', async () => {
  const client = clientWith({ accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: 'token==' });
  const { fields } = await formsWith(client).createUploadForm({ prefix: 'o/w/s/', expiresAt: NOW + SECOND });
  assert.equal(fields['x-amz-security-token'], 'token==');
  const { conditions } = JSON.parse(Buffer.from(fields.policy ?? '', 'base64').toString());
  assert.deepEqual(conditions.at(-1), { 'x-amz-security-token': 'token==' });
});

test('POL.7: a form for less than a folder is never made', async () => {
  const { createUploadForm: create } = formsWith(clientWith(settings));
  for (const prefix of ['', '/', 'o/w/s']) {
    await assert.rejects(create({ prefix, expiresAt: NOW + HOUR }), TypeError, JSON.stringify(prefix));
  }
});

test('the keys that sign relayed forms come from the secret alone, and do not show it', () => {
  const { accessKeyId, secretAccessKey } = derivedCredentials('a secret');
  assert.deepEqual(derivedCredentials('a secret'), { accessKeyId, secretAccessKey });
  assert.match(accessKeyId, /^SLUICE[0-9A-F]{14}$/);
  assert.ok(secretAccessKey.length >= 43);
  assert.notEqual(derivedCredentials('another').accessKeyId, accessKeyId);
  assert.notEqual(derivedCredentials('another').secretAccessKey, secretAccessKey);
  assert.throws(() => derivedCredentials(null), TypeError);
});

test('settings that cannot be are refused at the start', () => {
  const open = (change: { maxSessionFileBytes?: number; secretAccessKey?: null }) => () =>
    createS3ObjectStore({ ...settings, clock: () => NOW, ...change });
  assert.throws(open({ maxSessionFileBytes: 5 * 1024 ** 3 + 1 }), RangeError);
  assert.throws(open({ secretAccessKey: null }), TypeError);
  assert.doesNotThrow(open({}));
});
