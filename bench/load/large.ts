import { largeFileBlocks } from './blocks.ts';
import { openConnection } from './connection.ts';
import { FORM_TAIL, formPrefix } from './form.ts';
import type { LargeJob } from './jobs.ts';
import type { LoadResult } from './pump.ts';

export const runLarge = async (job: LargeJob): Promise<LoadResult> => {
  const answer = Promise.withResolvers<number>();
  answer.promise.catch(() => {}); // it may come between two waits: awaited at the end
  const connection = await openConnection(new URL(job.form.url), answer.resolve, answer.reject);
  try {
    const start = performance.now();
    connection.write(formPrefix(job.form, job.name, job.bytes));
    for (const block of largeFileBlocks(job.seed, job.bytes)) {
      // A block is larger than what the socket buffers, so this waits until it has left: the next may overwrite it.
      if (!connection.write(block)) await Promise.race([connection.drained(), answer.promise]);
    }
    connection.write(FORM_TAIL);
    const status = await answer.promise;
    const elapsedMs = performance.now() - start;
    const latencyMs = { p50: elapsedMs, p99: elapsedMs };
    return { elapsedMs, requests: 1, latencyMs, statuses: { [status]: 1 } };
  } finally {
    connection.close();
  }
};
