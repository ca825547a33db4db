import { quantile } from '../stats.ts';
import { type Connection, openConnection } from './connection.ts';

export type LoadResult = {
  /** From the first byte sent to the last answer received, on connections opened before. */
  elapsedMs: number;
  requests: number;
  latencyMs: { p50: number; p99: number };
  /** How many answers had which status. */
  statuses: { [status: string]: number };
};

/**
 * Sends what `next` gives on each of several connections, one request after the other, until it gives nothing more.
 * Rejects if a connection breaks.
 */
export const pump = async (
  url: URL,
  connections: number,
  next: (connection: number) => Buffer | undefined,
): Promise<LoadResult> => {
  const latencies: number[] = [];
  const statuses: LoadResult['statuses'] = {};
  const sentAt = new Float64Array(connections);
  const done = Promise.withResolvers<void>();
  done.promise.catch(() => {}); // it may come while the other connections are being opened: awaited further down
  const open: Connection[] = [];
  let busy = connections;

  const step = (index: number): void => {
    const request = next(index);
    if (!request) {
      busy -= 1;
      if (busy === 0) done.resolve();
      return;
    }
    sentAt[index] = performance.now();
    (open[index] as Connection).write(request);
  };
  const answered = (index: number, status: number): void => {
    latencies.push(performance.now() - (sentAt[index] as number));
    statuses[status] = (statuses[status] ?? 0) + 1;
    step(index);
  };

  try {
    for (let index = 0; index < connections; index++) {
      open.push(await openConnection(url, (status) => answered(index, status), done.reject));
    }
    const start = performance.now();
    for (let index = 0; index < connections; index++) step(index);
    await done.promise;
    const elapsedMs = performance.now() - start;
    const latencyMs = { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
    return { elapsedMs, requests: latencies.length, latencyMs, statuses };
  } finally {
    for (const connection of open) connection.close();
  }
};
