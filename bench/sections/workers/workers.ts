import { join } from 'node:path';
import { startFaultyProxy } from '../../../testing/objects/faulty-proxy.ts';
import { type Stack, startStack } from '../../../testing/services/stack.ts';
import { type Generator, startGenerator } from '../../process/generator.ts';
import { createInstallation } from '../../process/production.ts';
import { scratchFolder } from '../../scratch.ts';
import type { Section } from '../../section.ts';
import { ratios, spread } from '../../stats.ts';
import { withRange } from '../../table.ts';
import { writeTree } from '../session/tree.ts';
import { watchLatency } from './latency.ts';

const WORKERS = [1, 2, 4];
const SESSIONS = 8;
const CONNECTIONS = 16;
const LATENCY_MS = 20;

/**
 * Requests to the store that one worker has under way. Few, so that one worker waits for the store rather than for this
 * machine's processor: what is measured is whether workers add up.
 */
const STORE_REQUESTS = 4;

type WorkersRun = { seconds: number; latency: { idle: number[]; busy: number[] } };

export const workers: Section = {
  name: 'workers',
  title: 'Ingestion by 1, 2 and 4 workers over PostgreSQL and an S3-compatible store',
  run: async (context) => {
    const pairs = context.quick ? 400 : 10_000;
    await using scratch = await scratchFolder(context.scratch, 'workers');
    await using generator = startGenerator();
    context.say(`writing ${pairs} files and their sidecars`);
    const folders: string[] = [];
    for (let at = 0; at < SESSIONS; at++) {
      const folder = join(scratch.path, `tree-${at}`);
      await writeTree(folder, pairs / SESSIONS, context.seed + at);
      folders.push(folder);
    }
    const stack = await startStack({ stores: ['minio'], fast: false });
    const proxy = await startFaultyProxy(stack.services.stores[0]?.endpoint as string, {
      latencyMs: LATENCY_MS,
    });
    const runs = new Map<number, WorkersRun[]>(WORKERS.map((count) => [count, []]));
    try {
      for (let run = 1; run <= context.runs; run++) {
        for (const count of WORKERS) {
          const result = await ingest(stack, generator, { folders, pairs, count, way: proxy.url });
          context.say(`run ${run}, ${count} workers: ${(pairs / result.seconds).toFixed(0)} pairs/s`);
          runs.get(count)?.push(result);
        }
      }
    } finally {
      await proxy.close();
      await stack.remove();
    }
    const rates = (count: number) => (runs.get(count) ?? []).map(({ seconds }) => pairs / seconds);
    const busy = (count: number) => (runs.get(count) ?? []).flatMap(({ latency }) => latency.busy);
    const idle = [...runs.values()].flat().flatMap(({ latency }) => latency.idle);
    const four = ratios(rates(4), rates(1));
    return {
      tables: [
        {
          title: `${pairs.toLocaleString('en-US')} files with a sidecar each, in ${SESSIONS} parallel sessions`,
          head: [
            'Workers',
            'pairs/s',
            'close to last FINISHED, s',
            'of one worker',
            'list of files meanwhile, ms',
          ],
          rows: WORKERS.map((count) => [
            String(count),
            withRange(spread(rates(count))),
            withRange(spread((runs.get(count) ?? []).map(({ seconds }) => seconds))),
            withRange(ratios(rates(count), rates(1))),
            withRange(spread(busy(count))),
          ]),
        },
      ],
      aims: [{ aim: 'Four workers: at least 3.2 times one', seen: withRange(four), met: four.median >= 3.2 }],
      notes: [
        `Every request of a worker to the store waits ${LATENCY_MS} ms more; ${STORE_REQUESTS} requests of a worker are under way ` +
          'at a time. PostgreSQL, the store, the API process and the workers share this machine.',
        `The list of files without ingestion took ${withRange(spread(idle))} ms.`,
      ],
      data: { pairs, sessions: SESSIONS, latencyMs: LATENCY_MS, runs: [...runs] },
    };
  },
};

const ingest = async (
  stack: Stack,
  generator: Generator,
  { folders, pairs, count, way }: { folders: string[]; pairs: number; count: number; way: string },
): Promise<WorkersRun> => {
  const installation = await createInstallation(stack);
  await using server = await installation.startApi();
  const { api } = server;
  await using started = new AsyncDisposableStack();
  const ids: string[] = [];
  for (const folder of folders) {
    const { id, form } = await api.openSession({ parallel_processing_enabled: true });
    await generator.run({ kind: 'folder', form, connections: CONNECTIONS, folder });
    ids.push(id);
  }
  for (let at = 0; at < count; at++) {
    const settings = { SLUICE_S3_CONCURRENCY: String(STORE_REQUESTS), SLUICE_JOB_CONCURRENCY: '1' };
    started.use(await installation.startWorker(way, settings));
  }
  const idle = await watchLatency(server, () => new Promise((resolve) => setTimeout(resolve, 1000)));
  const from = performance.now();
  const busy = await watchLatency(server, async () => {
    await Promise.all(ids.map((id) => api.closeSession(id)));
    await api.allFinished(ids, pairs / folders.length);
  });
  return { seconds: (performance.now() - from) / 1000, latency: { idle, busy } };
};
