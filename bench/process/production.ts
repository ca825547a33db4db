import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { freshProductionSettings } from '../../testing/production/production-services.ts';
import type { Stack } from '../../testing/services/stack.ts';
import { type Api, openApi } from '../api.ts';
import { type Child, listeningUrl, startChild } from './child.ts';

const MAIN = fileURLToPath(import.meta.resolve('../../packages/server/src/main.ts'));

/** A database and a bucket, both empty, and how processes of the service get there. */
export type Installation = {
  databaseUrl: string;
  startApi(): Promise<AsyncDisposable & { api: Api; url: URL; key: string }>;
  /** @param endpoint of the store, for a worker that is to reach it another way */
  startWorker(endpoint: string, settings: Record<string, string>): Promise<Child>;
};

export const createInstallation = async ({ services }: Stack): Promise<Installation> => {
  const key = randomBytes(24).toString('hex');
  const { SLUICE_DATABASE_POOL: _small, ...settings } = await freshProductionSettings(services);
  const env = {
    ...settings,
    SLUICE_API_KEY: key,
    SLUICE_PORT: '0',
    SLUICE_LOG_LEVEL: 'error',
    SLUICE_MAX_OPEN_SESSIONS: '1000',
  };
  return {
    databaseUrl: settings.SLUICE_DATABASE_URL as string,
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
