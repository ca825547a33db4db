import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GoProgram, installGoProgram, isGoProgramThere } from './install.ts';
import { createService, freePort, startOrRemove } from './service.ts';
import { isAnswered, REGION, type Store, type StoreAccess, type StoreOptions, storeKeys } from './store.ts';

type Launch = { port: number; folder: string; accessKeyId: string; secretAccessKey: string };

type StoreSpec = {
  program: GoProgram;
  arguments: (launch: Launch) => string[];
  env: (launch: Launch) => Record<string, string>;
  /** Answers 200 once the store serves. */
  healthPath: string;
  uploads: StoreAccess['uploads'];
};

const GO_STORES = {
  versitygw: {
    program: { package: 'github.com/versity/versitygw/cmd/versitygw', version: 'v1.8.0' },
    arguments: ({ port, folder }) => [
      ...['--port', `127.0.0.1:${port}`, '--region', REGION, '--health', '/health'],
      ...['--keep-alive', '--quiet', 'posix', join(folder, 'objects')],
    ],
    env: ({ accessKeyId, secretAccessKey }) => ({
      ROOT_ACCESS_KEY: accessKeyId,
      ROOT_SECRET_KEY: secretAccessKey,
    }),
    healthPath: '/health',
    uploads: 'relay', // it leaves ${filename} in the key of a form as it is, and follows `..` out of the form's prefix
  },
  minio: {
    program: { package: 'github.com/minio/minio', version: 'v0.0.0-20260212201848-7aac2a2c5b7c' },
    arguments: ({ port, folder }) => [
      ...['server', '--quiet', '--address', `127.0.0.1:${port}`],
      ...['--certs-dir', join(folder, 'certs'), join(folder, 'objects')],
    ],
    env: ({ folder, accessKeyId, secretAccessKey }) => ({
      HOME: folder,
      MINIO_ROOT_USER: accessKeyId,
      MINIO_ROOT_PASSWORD: secretAccessKey,
      MINIO_REGION: REGION,
      MINIO_BROWSER: 'off',
      MINIO_UPDATE: 'off',
    }),
    healthPath: '/minio/health/ready',
    uploads: 'direct',
  },
} satisfies Record<string, StoreSpec>;

export type GoStoreName = keyof typeof GO_STORES;

export const GO_STORE_NAMES = Object.keys(GO_STORES) as GoStoreName[];

/** Whether it starts at once, without a build before. */
export const isGoStoreThere = (name: GoStoreName): boolean => isGoProgramThere(GO_STORES[name].program);

/** Starts a store that is one program, built first if it is not there. */
export const startGoStore = async (
  name: GoStoreName,
  { directory, port }: StoreOptions = {},
): Promise<Store> => {
  const spec: StoreSpec = GO_STORES[name];
  const program = await installGoProgram(spec.program);
  const folder = directory ?? mkdtempSync(join(tmpdir(), `sluice-${name}-`));
  mkdirSync(join(folder, 'objects'), { recursive: true });
  const chosenPort = port ?? (await freePort());
  const endpoint = `http://127.0.0.1:${chosenPort}`;
  const keys = storeKeys(folder);
  const launch = { port: chosenPort, folder, ...keys };

  const service = createService({
    name,
    command: [program, ...spec.arguments(launch)],
    env: spec.env(launch),
    stopSignal: 'SIGTERM',
    isReady: () => isAnswered(endpoint + spec.healthPath),
    deleteData: async () => {
      if (directory === undefined) rmSync(folder, { recursive: true, force: true });
    },
  });
  await startOrRemove(service);
  return {
    ...service,
    port: chosenPort,
    access: { name, endpoint, region: REGION, ...keys, uploads: spec.uploads },
  };
};
