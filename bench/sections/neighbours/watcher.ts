// A thread of its own: what the bench itself does in the meantime must not count as the server's delay.
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { getRequest, openAsker } from '../pages/asker.ts';
import type { WatcherInput } from './watch.ts';

const { url: address, key, paths, everyMs } = workerData as WatcherInput;
const url = new URL(address);
let over = false;
parentPort?.once('message', () => {
  over = true;
});

/** By a fixed timetable, and counted from the time an answer was due to be asked for: who waits for one misses the next. */
const watch = async (path: string): Promise<number[]> => {
  using asker = await openAsker(url);
  const request = getRequest(url, path, key);
  const taken: number[] = [];
  await asker.ask(request);
  parentPort?.postMessage('watching');
  let due = performance.now();
  do {
    await sleep(Math.max(0, due - performance.now()));
    await asker.ask(request);
    taken.push(performance.now() - due);
    due += everyMs;
  } while (!over);
  return taken;
};

parentPort?.postMessage(await Promise.all(paths.map(watch)));
