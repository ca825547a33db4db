import { randomBytes } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import pg from 'pg';

export type StoreService = {
  name: string;
  endpoint: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
};

export type Services = { postgres: string; stores: StoreService[] };

/** What `npm run services -- run` started for its command. */
export const services = (): Services => {
  const json = process.env.SLUICE_TEST_SERVICES;
  if (!json)
    throw new Error('SLUICE_TEST_SERVICES is not set: run this by "npm run services -- run <command>"');
  return JSON.parse(json) as Services;
};

/** Settings of a server with a database and a bucket of its own. */
export const freshProductionSettings = async (
  { postgres, stores }: Services = services(),
): Promise<Record<string, string>> => {
  const store = stores.find(({ name }) => name === (process.env.SLUICE_TEST_STORE ?? stores[0]?.name));
  if (!store) throw new Error('no object store among the services');
  const name = `t${randomBytes(8).toString('hex')}`;
  const admin = new pg.Client({ connectionString: postgres });
  await admin.connect();
  try {
    await admin.query(`create database ${name}`);
  } finally {
    await admin.end();
  }
  const { accessKeyId, secretAccessKey, endpoint, region } = store;
  const s3 = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  s3.destroy();
  const database = new URL(postgres);
  database.pathname = `/${name}`;
  return {
    SLUICE_DATABASE_URL: database.href,
    SLUICE_DATABASE_POOL: '4',
    SLUICE_S3_ENDPOINT: endpoint,
    SLUICE_S3_REGION: region,
    SLUICE_S3_ACCESS_KEY_ID: accessKeyId,
    SLUICE_S3_SECRET_ACCESS_KEY: secretAccessKey,
    SLUICE_S3_FORCE_PATH_STYLE: 'true',
    SLUICE_BUCKET: name,
  };
};
