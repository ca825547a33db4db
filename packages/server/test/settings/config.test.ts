import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../src/settings/config.ts';

test('nothing set is a server on this machine with a folder beside it', () => {
  const result = readConfig({ PATH: '/bin' });
  assert.ok('config' in result);
  const { http, storage, firstStart, limits, logLevel } = result.config;
  assert.deepEqual([http.host, http.port, http.publicUrl, http.corsOrigins], ['127.0.0.1', 8000, null, '*']);
  assert.deepEqual(storage, { kind: 'embedded', directory: './data', bucket: 'sluice-user-files-upload' });
  assert.deepEqual(firstStart, { key: null, workspace: 'default' });
  assert.equal(limits.maxFilesPerSession, 10_000);
  assert.equal(logLevel, 'info');
});

test('a bucket may contain dots, as the test of the official SDK wants it', () => {
  const result = readConfig({ SLUICE_BUCKET: 'dc-user-files-upload.s3.amazonaws.com' });
  assert.ok('config' in result);
});

const PRODUCTION = {
  SLUICE_DATABASE_URL: 'postgresql://sluice:secret@db/sluice',
  SLUICE_S3_ENDPOINT: 'http://store:9000/',
  SLUICE_S3_ACCESS_KEY_ID: 'id',
  SLUICE_S3_SECRET_ACCESS_KEY: 'secret',
};

test('a database and an object store make it a production server', () => {
  const result = readConfig(PRODUCTION);
  assert.ok('config' in result);
  const { storage } = result.config;
  assert.ok(storage.kind === 'production');
  assert.equal(storage.database.url, PRODUCTION.SLUICE_DATABASE_URL);
  assert.deepEqual(
    [storage.s3.endpoint, storage.s3.region, storage.s3.forcePathStyle, storage.s3.uploads],
    ['http://store:9000', 'us-east-1', true, 'direct'],
  );
});

test("a region alone is Amazon's own store, with the keys the machine has", () => {
  const result = readConfig({ SLUICE_DATABASE_URL: 'postgres://db/x', SLUICE_S3_REGION: 'eu-central-1' });
  assert.ok('config' in result && result.config.storage.kind === 'production');
  const { endpoint, region, accessKeyId, forcePathStyle } = result.config.storage.s3;
  assert.deepEqual([endpoint, region, accessKeyId, forcePathStyle], [null, 'eu-central-1', null, false]);
});

const WRONG: [Record<string, string>, RegExp][] = [
  [{ SLUICE_PORT: 'http' }, /SLUICE_PORT is "http"/],
  [{ SLUICE_PORT: '70000' }, /0 to 65535/],
  [{ SLUICE_PUBLIC_URL: 'ftp://x' }, /SLUICE_PUBLIC_URL/],
  [{ SLUICE_HOST: '0.0.0.0' }, /SLUICE_PUBLIC_URL must be set/],
  [{ SLUICE_BUCKET: 'api' }, /SLUICE_BUCKET/],
  [{ SLUICE_BUCKET: 'live' }, /SLUICE_BUCKET/],
  [{ SLUICE_BUCKET: '../x' }, /SLUICE_BUCKET/],
  [{ SLUICE_API_KEY: 'short' }, /SLUICE_API_KEY/],
  [{ SLUICE_WORKSPACE: 'abc' }, /more than 3 characters/],
  [{ SLUICE_LOG_LEVEL: 'loud' }, /SLUICE_LOG_LEVEL/],
  [{ SLUICE_CORS_ORIGINS: 'https://a.example/path' }, /SLUICE_CORS_ORIGINS/],
  [{ SLUICE_DATABASE_URL: 'postgres://x' }, /set SLUICE_S3_ENDPOINT or SLUICE_S3_REGION too/],
  [{ SLUICE_S3_REGION: 'eu-central-1' }, /set SLUICE_DATABASE_URL too/],
  [{ ...PRODUCTION, SLUICE_DATABASE_URL: 'mysql://x' }, /SLUICE_DATABASE_URL is no URL like postgresql/],
  [
    { ...PRODUCTION, SLUICE_DATABASE_URL: 'postgresql://db/x%E9' },
    /SLUICE_DATABASE_URL has a % that begins no character/,
  ],
  [{ SLUICE_BUCKET: 'live' }, /SLUICE_BUCKET/],
  [{ ...PRODUCTION, SLUICE_S3_SECRET_ACCESS_KEY: '' }, /SLUICE_S3_SECRET_ACCESS_KEY is missing/],
  [{ ...PRODUCTION, SLUICE_S3_UPLOADS: 'both' }, /SLUICE_S3_UPLOADS is "both"; it takes direct, relay/],
  [{ ...PRODUCTION, SLUICE_S3_FORCE_PATH_STYLE: 'maybe' }, /SLUICE_S3_FORCE_PATH_STYLE/],
  [{ ...PRODUCTION, SLUICE_DATABASE_POOL: '1' }, /SLUICE_DATABASE_POOL/],
  [
    { SLUICE_DATABASE_URL: 'postgres://x/y', SLUICE_S3_REGION: 'r', SLUICE_S3_UPLOADS: 'relay' },
    /SLUICE_FORM_SECRET must be set/,
  ],
  [{ SLUICE_DTA_DIR: '/x' }, /SLUICE_DTA_DIR is not a setting/],
];
for (const [environment, problem] of WRONG) {
  test(`${JSON.stringify(environment)} is refused by name`, () => {
    const result = readConfig(environment);
    assert.ok('problems' in result);
    assert.match(result.problems.join('\n'), problem);
  });
}

test('all that is wrong is said at once, and no key is repeated', () => {
  const result = readConfig({ SLUICE_PORT: 'x', SLUICE_LOG_LEVEL: 'y', SLUICE_API_KEY: 'secret key' });
  assert.ok('problems' in result);
  assert.equal(result.problems.length, 3);
  assert.doesNotMatch(result.problems.join(), /secret/);
});

const HOLDING_SECRETS = [
  { SLUICE_DATABASE_URL: 'mysql://sluice:hidden@db' },
  { SLUICE_DATABASE_URL: 'postgresql://sluice:hidden%E9@db/x' },
  ...['SLUICE_S3_ENDPOINT', 'SLUICE_S3_PUBLIC_ENDPOINT', 'SLUICE_PUBLIC_URL'].flatMap((name) =>
    ['http://id:hidden@store', 'http://store?key=hidden', 'http://store#hidden', 'id:hidden@store'].map(
      (url) => ({ [name]: url }),
    ),
  ),
];
for (const settings of HOLDING_SECRETS) {
  test(`AUT.4: what may be a secret is never repeated: ${JSON.stringify(settings)}`, () => {
    const result = readConfig({ ...PRODUCTION, ...settings });
    assert.ok('problems' in result);
    assert.match(result.problems.join(), new RegExp(`^${Object.keys(settings)[0]} `));
    assert.doesNotMatch(result.problems.join(), /hidden/);
  });
}
