import { OWN_SEGMENTS } from '../domain/base-path.ts';
import type { SettingsReader } from './settings-reader.ts';

/** Where rows and bytes are. */
export type StorageConfig = EmbeddedStorage | ProductionStorage;

/** All in one folder, for one process. */
export type EmbeddedStorage = { kind: 'embedded'; directory: string; bucket: string };

/** Rows in PostgreSQL, bytes in an S3-compatible store, for any number of processes. */
export type ProductionStorage = {
  kind: 'production';
  bucket: string;
  database: DatabaseConfig;
  s3: S3Config;
};

export type DatabaseConfig = {
  /** `postgresql://user:password@host:port/database`. */
  url: string;
  /** Connections of this process at most, those of the job queue not counted. */
  poolSize: number;
  statementTimeoutMs: number;
  connectTimeoutMs: number;
};

export type S3Config = {
  /** Null: that of Amazon in the region. */
  endpoint: string | null;
  /** Where clients reach the store, if that is elsewhere. */
  publicEndpoint: string | null;
  region: string;
  /** Null, both of them: what the machine gives (role, profile), found as Amazon's SDK does. */
  accessKeyId: string | null;
  secretAccessKey: string | null;
  forcePathStyle: boolean;
  /** `direct`: clients POST to the store; `relay`: to this server, which streams on, for stores that take no forms. */
  uploads: 'direct' | 'relay';
  /** Signs relayed forms; null: derived from the secret access key. */
  formSecret: string | null;
  /** Requests to the store at the same time, by this process. */
  concurrency: number;
};

export const STORAGE_SETTINGS = [
  'SLUICE_BUCKET',
  'SLUICE_DATABASE_CONNECT_SECONDS',
  'SLUICE_DATABASE_POOL',
  'SLUICE_DATABASE_STATEMENT_SECONDS',
  'SLUICE_DATABASE_URL',
  'SLUICE_DATA_DIR',
  'SLUICE_FORM_SECRET',
  'SLUICE_S3_ACCESS_KEY_ID',
  'SLUICE_S3_CONCURRENCY',
  'SLUICE_S3_ENDPOINT',
  'SLUICE_S3_FORCE_PATH_STYLE',
  'SLUICE_S3_PUBLIC_ENDPOINT',
  'SLUICE_S3_REGION',
  'SLUICE_S3_SECRET_ACCESS_KEY',
  'SLUICE_S3_UPLOADS',
];

/** PostgreSQL and S3 together are production, neither of them is embedded; one alone is refused. */
export const readStorage = (settings: SettingsReader): StorageConfig => {
  const bucket = readBucket(settings);
  const database = readDatabase(settings);
  const s3 = readS3(settings);
  if (database && s3) return { kind: 'production', bucket, database, s3 };
  if (database) {
    settings.wrong(
      'SLUICE_DATABASE_URL',
      'is set, but no object store: set SLUICE_S3_ENDPOINT or SLUICE_S3_REGION too, or neither',
      null,
    );
  } else if (s3) {
    settings.wrong(
      s3.endpoint === null ? 'SLUICE_S3_REGION' : 'SLUICE_S3_ENDPOINT',
      'is set, but no database: set SLUICE_DATABASE_URL too, or neither',
      null,
    );
  }
  return { kind: 'embedded', directory: settings.text('SLUICE_DATA_DIR') ?? './data', bucket };
};

const readBucket = ({ text, wrong }: SettingsReader): string => {
  const bucket = text('SLUICE_BUCKET') ?? 'sluice-user-files-upload';
  const fits = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) && !bucket.includes('..');
  if (fits && !OWN_SEGMENTS.has(bucket)) return bucket;
  return wrong(
    'SLUICE_BUCKET',
    `is "${bucket}"; it takes 3 to 63 of a-z 0-9 - . and starts and ends with a letter or digit`,
    bucket,
  );
};

const readDatabase = ({ text, wrong, whole }: SettingsReader): DatabaseConfig | null => {
  const url = text('SLUICE_DATABASE_URL');
  if (url === null) return null;
  // Not repeated in the message: it may hold a password.
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    wrong('SLUICE_DATABASE_URL', 'is no URL like postgresql://user:password@host:5432/database', null);
  } else if (!isReadable(url)) {
    wrong(
      'SLUICE_DATABASE_URL',
      'has a % that begins no character; a percent sign itself is written %25',
      null,
    );
  }
  return {
    url,
    poolSize: whole('SLUICE_DATABASE_POOL', 10, 2, 1000),
    statementTimeoutMs: whole('SLUICE_DATABASE_STATEMENT_SECONDS', 30, 1, 3600) * 1000,
    connectTimeoutMs: whole('SLUICE_DATABASE_CONNECT_SECONDS', 5, 1, 300) * 1000,
  };
};

/**
 * A part of the URL of a database in plain text; a percent sign that begins no escape stands for itself, as to the driver.
 * @throws URIError where an escape is no UTF-8
 */
export const plainPart = (part: string): string =>
  decodeURIComponent(part.replaceAll(/%(?![0-9a-f]{2})/gi, '%25'));

const isReadable = (url: string): boolean => {
  const { username, password, pathname } = new URL(url);
  try {
    for (const part of [username, password, pathname]) plainPart(part);
    return true;
  } catch {
    return false;
  }
};

const readS3 = (settings: SettingsReader): S3Config | null => {
  const { text, wrong } = settings;
  const endpoint = settings.url('SLUICE_S3_ENDPOINT');
  const region = text('SLUICE_S3_REGION');
  if (text('SLUICE_S3_ENDPOINT') === null && region === null) return null;
  const accessKeyId = text('SLUICE_S3_ACCESS_KEY_ID');
  const secretAccessKey = text('SLUICE_S3_SECRET_ACCESS_KEY');
  if ((accessKeyId === null) !== (secretAccessKey === null)) {
    const missing = accessKeyId === null ? 'SLUICE_S3_ACCESS_KEY_ID' : 'SLUICE_S3_SECRET_ACCESS_KEY';
    wrong(missing, 'is missing: the two halves of a key go together', null);
  }
  const uploads = settings.oneOf('SLUICE_S3_UPLOADS', 'direct', ['direct', 'relay']);
  const formSecret = text('SLUICE_FORM_SECRET');
  if (formSecret !== null && formSecret.length < 32) {
    wrong('SLUICE_FORM_SECRET', 'must have 32 characters or more', null);
  }
  if (uploads === 'relay' && formSecret === null && secretAccessKey === null) {
    wrong(
      'SLUICE_FORM_SECRET',
      'must be set where uploads are relayed and no S3 key is: it signs forms',
      null,
    );
  }
  return {
    endpoint,
    publicEndpoint: settings.url('SLUICE_S3_PUBLIC_ENDPOINT'),
    region: region ?? 'us-east-1',
    accessKeyId,
    secretAccessKey,
    forcePathStyle: settings.flag('SLUICE_S3_FORCE_PATH_STYLE', endpoint !== null),
    uploads,
    formSecret,
    concurrency: settings.whole('SLUICE_S3_CONCURRENCY', 32, 1, 1000),
  };
};
