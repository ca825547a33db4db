import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../src/config.ts';

test('nothing set is a server on this machine with a folder beside it', () => {
  const result = readConfig({ PATH: '/bin' });
  assert.ok('config' in result);
  const { http, storage, firstStart, limits, logLevel } = result.config;
  assert.deepEqual([http.host, http.port, http.publicUrl, http.corsOrigins], ['127.0.0.1', 8000, null, '*']);
  assert.deepEqual(storage, { kind: 'embedded', directory: './data', bucket: 'sluice-user-files-upload' });
  assert.deepEqual(firstStart, { key: null, workspace: 'default' });
  assert.equal(limits.filesPerSession, 10_000);
  assert.equal(logLevel, 'info');
});

test('a bucket may contain dots, as the test of the official SDK wants it', () => {
  const result = readConfig({ SLUICE_BUCKET: 'dc-user-files-upload.s3.amazonaws.com' });
  assert.ok('config' in result);
});

const WRONG: [Record<string, string>, RegExp][] = [
  [{ SLUICE_PORT: 'http' }, /SLUICE_PORT is "http"/],
  [{ SLUICE_PORT: '70000' }, /0 to 65535/],
  [{ SLUICE_PUBLIC_URL: 'ftp://x' }, /SLUICE_PUBLIC_URL/],
  [{ SLUICE_HOST: '0.0.0.0' }, /SLUICE_PUBLIC_URL must be set/],
  [{ SLUICE_BUCKET: 'api' }, /SLUICE_BUCKET/],
  [{ SLUICE_BUCKET: '../x' }, /SLUICE_BUCKET/],
  [{ SLUICE_API_KEY: 'short' }, /SLUICE_API_KEY/],
  [{ SLUICE_WORKSPACE: 'abc' }, /more than 3 characters/],
  [{ SLUICE_LOG_LEVEL: 'loud' }, /SLUICE_LOG_LEVEL/],
  [{ SLUICE_CORS_ORIGINS: 'https://a.example/path' }, /SLUICE_CORS_ORIGINS/],
  [{ SLUICE_DATABASE_URL: 'postgres://x' }, /SLUICE_DATABASE_URL/],
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
