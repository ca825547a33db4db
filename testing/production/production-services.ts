import { randomBytes } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { migrateJobs } from '../../packages/server/src/jobs/pg-boss.ts';
import { migratePostgres } from '../../packages/server/src/store/postgres/store.ts';
import type { TestServices } from '../services/stack.ts';
import { query } from './query.ts';
import { services } from './services.ts';

const newName = (): string => `t${randomBytes(8).toString('hex')}`;

const urlOf = (postgres: string, name: string): string => {
  const url = new URL(postgres);
  url.pathname = `/${name}`;
  return url.href;
};

/** The URL of an empty database; it goes with its server. */
export const freshDatabase = async (): Promise<string> => {
  const { postgres } = services();
  const name = newName();
  await query(postgres, `create database ${name}`);
  return urlOf(postgres, name);
};

/** Tables are made once on each server, then copied. */
const templates = new Map<string, Promise<string>>();

const makeTemplate = async (postgres: string): Promise<string> => {
  const name = newName();
  await query(postgres, `create database ${name}`);
  const url = urlOf(postgres, name);
  await migratePostgres({ url, poolSize: 1, statementTimeoutMs: 30_000, connectTimeoutMs: 5000 });
  await migrateJobs(url);
  return name;
};

/** Settings of a server with a database and a bucket of its own. */
export const freshProductionSettings = async (
  { postgres, stores }: TestServices = services(),
  storeName: string | undefined = process.env.SLUICE_TEST_STORE,
): Promise<Record<string, string>> => {
  const store = stores.find(({ name }) => name === (storeName ?? stores[0]?.name));
  if (!store) throw new Error('no object store among the services');
  const name = newName();
  const template = templates.get(postgres) ?? makeTemplate(postgres);
  templates.set(postgres, template);
  await query(postgres, `create database ${name} template ${await template}`);
  const { accessKeyId, secretAccessKey, endpoint, region } = store;
  const s3 = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  s3.destroy();
  return {
    SLUICE_DRAIN_SECONDS: '0',
    SLUICE_DATABASE_URL: urlOf(postgres, name),
    SLUICE_DATABASE_POOL: '4',
    // Tests share few processors with each other: who waits long for a connection is not wrong.
    SLUICE_DATABASE_CONNECT_SECONDS: '30',
    SLUICE_S3_ENDPOINT: endpoint,
    SLUICE_S3_REGION: region,
    SLUICE_S3_ACCESS_KEY_ID: accessKeyId,
    SLUICE_S3_SECRET_ACCESS_KEY: secretAccessKey,
    SLUICE_S3_FORCE_PATH_STYLE: 'true',
    SLUICE_S3_UPLOADS: store.uploads,
    SLUICE_BUCKET: name,
  };
};
