import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outage } from '../src/domain/failures/outage.ts';
import { explain, notListening, ofObjects } from '../src/explain.ts';
import { readConfig } from '../src/settings/config.ts';
import type { StorageConfig } from '../src/settings/storage-config.ts';

const storageOf = (environment: Record<string, string>): StorageConfig => {
  const result = readConfig(environment);
  assert.ok('config' in result);
  return result.config.storage;
};

const PRODUCTION = storageOf({
  SLUICE_DATABASE_URL: 'postgresql://me:secret@db.example:6000/files',
  SLUICE_S3_ENDPOINT: 'https://store.example',
});

const coded = (code: string, more: object = {}) =>
  Object.assign(new Error('in their words'), { code, ...more });
const ofStore = (name: string, httpStatusCode?: number, more: object = {}) =>
  ofObjects(Object.assign(new Error('in their words'), { name, $metadata: { httpStatusCode }, ...more }));
const ofDatabase = (error: Error) => new Outage('database', 'away', error);

test('an outage is told with where, why and the settings to look at', () => {
  const database = 'The database "files" at db.example:6000 cannot be used:';
  const store = 'The bucket "sluice-user-files-upload" at https://store.example cannot be used:';
  const cases: [Error, string][] = [
    [ofDatabase(coded('57P03')), `${database} the server is starting or stopping (57P03).`],
    [
      ofDatabase(coded('28000')),
      `${database} the server does not let this user in from here (pg_hba.conf), or not without TLS (28000). Look at SLUICE_DATABASE_URL.`,
    ],
    [
      ofDatabase(new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')])),
      `${database} nothing listens there (ECONNREFUSED). Look at SLUICE_DATABASE_URL.`,
    ],
    [ofDatabase(coded('ENOTDIR')), `${database} in their words (ENOTDIR). Look at SLUICE_DATABASE_URL.`],
    [coded('40P01', { severity: 'ERROR' }), `${database} in their words (40P01).`],
    [
      coded('42501', { severity: 'ERROR' }),
      `${database} the user may not do this there (42501). Look at SLUICE_DATABASE_URL.`,
    ],
    [
      ofDatabase(coded('CERT_HAS_EXPIRED')),
      `${database} its certificate has expired (CERT_HAS_EXPIRED). Look at SLUICE_DATABASE_URL.`,
    ],
    [
      ofStore('AccessDenied', 403),
      `${store} the store does not let the access key do this (AccessDenied, 403). Look at SLUICE_S3_ACCESS_KEY_ID, SLUICE_BUCKET.`,
    ],
    [
      ofStore('PermanentRedirect', 301, { Region: 'eu-west-1' }),
      `${store} the bucket is in another region, eu-west-1 (PermanentRedirect, 301). Look at SLUICE_S3_REGION, SLUICE_S3_ENDPOINT.`,
    ],
    [
      ofStore('RequestTimeTooSkewed', 403),
      `${store} its clock and that of this machine are more than 15 minutes apart; run NTP on both (RequestTimeTooSkewed, 403).`,
    ],
    [
      ofStore('NotImplemented', 501),
      `${store} the store knows no such request (NotImplemented, 501). Look at SLUICE_S3_ENDPOINT.`,
    ],
    [ofStore('XNew', 418), `${store} the store refuses or fails (XNew, 418).`],
    [new Error('of another kind'), 'of another kind'],
  ];
  for (const [error, words] of cases) assert.equal(explain(error, PRODUCTION), words);
});

test('a folder that cannot be used is told with the setting', () => {
  const storage = storageOf({ SLUICE_DATA_DIR: '/srv/sluice' });
  const unusable = 'The data folder cannot be used (SLUICE_DATA_DIR is /srv/sluice): ';
  assert.equal(
    explain(coded('EROFS'), storage),
    `${unusable}/srv/sluice is read-only, or on a read-only file system`,
  );
  assert.match(
    explain(coded('ERR_SQLITE_ERROR', { errcode: 14 }), storage),
    /SLUICE_DATA_DIR.*\/srv\/sluice cannot be opened/,
  );
  assert.equal(explain(ofObjects(coded('ENOSPC')), storage), `${unusable}the disk of /srv/sluice is full`);
});

test('what keeps a server from listening is told with host, port and the setting', () => {
  const where = { host: '192.0.2.1', port: 80 };
  const told = (code: string) => (notListening(coded(code), where) as Error).message;
  assert.match(
    told('EACCES'),
    /192\.0\.2\.1:80: this user may not listen on that port \(EACCES\). Look at SLUICE_PORT/,
  );
  assert.match(told('EADDRNOTAVAIL'), /no such address .* Look at SLUICE_HOST/);
  assert.match(told('ENOTFOUND'), /Look at SLUICE_HOST/);
  assert.equal(told('EELSE'), 'in their words');
});
