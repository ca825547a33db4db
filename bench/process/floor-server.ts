import { fileURLToPath } from 'node:url';
import { listeningUrl, startChild } from './child.ts';

export type FloorServer = AsyncDisposable & { pid: number; url: URL };

export const startFloorServer = async (): Promise<FloorServer> => {
  const child = startChild([fileURLToPath(import.meta.resolve('../floor/server.ts'))]);
  return {
    pid: child.pid,
    url: await listeningUrl(child),
    [Symbol.asyncDispose]: child[Symbol.asyncDispose],
  };
};
