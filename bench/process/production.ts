import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import pg from 'pg';
import type { Stack } from '../../scripts/services/stack.ts';
import { type Api, openApi } from '../api.ts';
import { type Child, listeningUrl, startChild } from './child.ts';

const MAIN = fileURLToPath(import.meta.resolve('../../packages/server/src/main.ts'));

/** A database and a bucket, both empty, and how processes of the service get there. */
export type Installation = {
  startApi(): Promise<AsyncDisposable & { api: Api; url: URL; key: string }>;
  /** @param endpoint of the store, for a worker that is to reach it another way */
  startWorker(endpoint: string, settings: Record<string, string>): Promise<Child>;
};

export const createInstallation = async ({ postgres, stores: [store] }: Stack): Promise<Installation> => {
  if (!store) throw new Error('There is no object store');
  const { endpoint, region, accessKeyId, secretAccessKey, uploads } = store.access;
  const name = `bench-${randomBytes(6).toString('hex')}`;
  const admin = new pg.Client({ connectionString: postgres.url });
  await admin.connect();
  await admin.query(`create database "${name}"`);
  await admin.end();
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials });
  await client.send(new CreateBucketCommand({ Bucket: name }));
  client.destroy();
  const database = new URL(postgres.url);
  database.pathname = `/${name}`;
  const key = randomBytes(24).toString('hex');
  const env = {
    SLUICE_API_KEY: key,
    SLUICE_PORT: '0',
    SLUICE_LOG_LEVEL: 'error',
    SLUICE_MAX_OPEN_SESSIONS: '1000',
    SLUICE_DATABASE_URL: database.href,
    SLUICE_S3_ENDPOINT: endpoint,
    SLUICE_S3_REGION: region,
    SLUICE_S3_ACCESS_KEY_ID: accessKeyId,
    SLUICE_S3_SECRET_ACCESS_KEY: secretAccessKey,
    SLUICE_S3_FORCE_PATH_STYLE: 'true',
    SLUICE_S3_UPLOADS: uploads,
    SLUICE_BUCKET: name,
  };
  return {
    startApi: async () => {
      const child = startChild([MAIN, 'serve', '--no-work'], { env });
      const url = await listeningUrl(child);
      return { api: openApi(url, key), url, key, [Symbol.asyncDispose]: child[Symbol.asyncDispose] };
    },
    startWorker: async (way, settings) => {
      const child = startChild([MAIN, 'work'], { env: { ...env, SLUICE_S3_ENDPOINT: way, ...settings } });
      await listeningUrl(child);
      return child;
    },
  };
};
