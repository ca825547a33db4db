import { join } from 'node:path';
import { openPostgresStore } from '../../../packages/server/src/store/postgres/store.ts';
import { openSqliteStore } from '../../../packages/server/src/store/sqlite/store.ts';
import { startStack } from '../../../testing/services/stack.ts';
import { createInstallation } from '../../process/production.ts';
import { startServer } from '../../process/server.ts';
import { fillWorkspaces, makeWorkspaces, type Place, untilPurged } from './place.ts';

type Filling = { files: number; seed: number };
type WithPlace<T> = (place: Place) => Promise<T>;

export const inOneProcess = async <T>(folder: string, filling: Filling, use: WithPlace<T>): Promise<T> => {
  const path = join(folder, 'sluice.db');
  {
    await using server = await startServer(folder);
    await makeWorkspaces(server);
  }
  const filled = await openSqliteStore(path);
  await fillWorkspaces(filled, filling.files, filling.seed).finally(filled.close);
  await using server = await startServer(folder);
  const store = await openSqliteStore(path);
  await using _closing = { [Symbol.asyncDispose]: store.close };
  return await use({ ...server, purged: () => untilPurged(store) });
};

/** An API process and a worker, over PostgreSQL and an S3-compatible store. */
export const inProduction = async <T>(filling: Filling, use: WithPlace<T>): Promise<T> => {
  const stack = await startStack({ stores: ['minio'], fast: false });
  await using _removing = { [Symbol.asyncDispose]: stack.remove };
  const installation = await createInstallation(stack);
  await using server = await installation.startApi();
  await using _worker = await installation.startWorker(stack.services.stores[0]?.endpoint as string, {});
  await makeWorkspaces(server);
  const store = await openPostgresStore({
    url: installation.databaseUrl,
    poolSize: 2,
    statementTimeoutMs: 60_000,
    connectTimeoutMs: 5000,
  });
  await using _closing = { [Symbol.asyncDispose]: store.close };
  await fillWorkspaces(store, filling.files, filling.seed);
  return await use({ ...server, purged: () => untilPurged(store) });
};
