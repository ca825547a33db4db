import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CorrectnessError } from '../correctness.ts';
import type { Job } from '../load/jobs.ts';
import type { LoadResult } from '../load/pump.ts';
import { startChild } from './child.ts';

export type Generator = AsyncDisposable & {
  /** Runs one job at a time; rejects if it broke off, or if any answer was not a success. */
  run(job: Job): Promise<LoadResult>;
};

export const startGenerator = (): Generator => {
  const child = startChild([fileURLToPath(import.meta.resolve('../load/main.ts'))], { ipc: true });
  return {
    run: async (job) => {
      const reply = await ask(child.process, job);
      if ('error' in reply) throw new CorrectnessError(`Load of kind ${job.kind}: ${reply.error}`);
      for (const [status, count] of Object.entries(reply.result.statuses)) {
        if (!/^2/.test(status)) throw new CorrectnessError(`${count} of the uploads were answered ${status}`);
      }
      return reply.result;
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
};

type Reply = { result: LoadResult } | { error: string };

const ask = async (process: ChildProcess, job: Job): Promise<Reply> => {
  const settled = new AbortController();
  const replied = once(process, 'message', settled).then(([reply]) => reply as Reply);
  const ended = once(process, 'exit', settled).then(() => ({ error: 'the load generator ended' }));
  process.send(job);
  try {
    return await Promise.race([replied, ended]);
  } finally {
    replied.catch(() => {});
    ended.catch(() => {});
    settled.abort();
  }
};
