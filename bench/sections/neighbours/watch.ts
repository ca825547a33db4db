import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export type WatcherInput = { url: string; key: string; paths: readonly string[]; everyMs: number };

const EVERY_MS = 50;

/** Asks for each path again and again while `work` goes on. Resolves to the milliseconds each answer was late, by path. */
export const watchPaths = async (
  { url, key }: { url: URL; key: string },
  paths: readonly string[],
  work: () => Promise<unknown>,
): Promise<number[][]> => {
  const workerData: WatcherInput = { url: url.href, key, paths, everyMs: EVERY_MS };
  const watcher = new Worker(new URL('./watcher.ts', import.meta.url), { workerData });
  for (const _ of paths) await once(watcher, 'message'); // each says that it has begun
  const watched = once(watcher, 'message').then(([late]) => late as number[][]);
  watched.catch(() => {});
  try {
    await work();
  } finally {
    watcher.postMessage('over');
  }
  return watched;
};
