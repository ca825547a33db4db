import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Api, openApi } from '../api.ts';
import { listeningUrl, startChild } from './child.ts';

export type Server = AsyncDisposable & { pid: number; url: URL; key: string; api: Api };

const MAIN = fileURLToPath(import.meta.resolve('../../packages/server/src/main.ts'));

/** Sluice itself, embedded, as `npm start` runs it, on a data folder. */
export const startServer = async (dataFolder: string): Promise<Server> => {
  const child = startChild([MAIN, 'serve'], {
    env: { SLUICE_DATA_DIR: dataFolder, SLUICE_PORT: '0', SLUICE_LOG_LEVEL: 'error' },
  });
  const url = await listeningUrl(child);
  const key = (await readFile(join(dataFolder, 'api-key'), 'utf8')).trim();
  return {
    pid: child.pid,
    url,
    key,
    api: openApi(url, key),
    [Symbol.asyncDispose]: child[Symbol.asyncDispose],
  };
};
