import { statfs } from 'node:fs/promises';
import type { Api } from '../api.ts';
import { CorrectnessError, expectEqual } from '../correctness.ts';
import { largeFileBlocks } from '../load/blocks.ts';
import type { LargeJob } from '../load/jobs.ts';
import { startFloorServer } from '../process/floor-server.ts';
import { type Generator, startGenerator } from '../process/generator.ts';
import { startServer } from '../process/server.ts';
import { memoryOf, resetPeak, watchMemory } from '../process/usage.ts';
import { scratchFolder } from '../scratch.ts';
import type { Context, Section, SectionResult } from '../section.ts';
import { megabytes, number } from '../table.ts';
import { otherOrigin } from './measured-load.ts';

const GROWTH_AIM_BYTES = 64 * 1024 * 1024;
const SPARE_BYTES = 2 * 1000 ** 3;
const NAME = 'large.bin';

export const large: Section = {
  name: 'large',
  title: 'One large upload',
  run: async (context) => {
    const bytes = context.quick ? 200 * 1000 ** 2 : 5 * 1000 ** 3;
    const disk = await statfs(context.scratch);
    if (!context.large) return skipped('left out as asked (--no-large)');
    if (disk.bavail * disk.bsize < bytes + SPARE_BYTES) return skipped('not enough free disk space');
    return measure(context, bytes);
  },
};

const skipped = (why: string): SectionResult => ({
  tables: [],
  aims: [],
  notes: [`Skipped: ${why}.`],
  data: null,
});

const measure = async (context: Context, bytes: number): Promise<SectionResult> => {
  await using folder = await scratchFolder(context.scratch, 'large');
  await using generator = startGenerator();
  await using floorServer = await startFloorServer();
  await using server = await startServer(folder.path);
  const { id, form } = await server.api.openSession();
  const job: LargeJob = { kind: 'large', form, name: NAME, bytes, seed: context.seed };
  const floorJob = { ...job, form: otherOrigin(form, floorServer.url) };

  context.say(`sending ${number(bytes / 1000 ** 3)} GB to the floor, then to Sluice`);
  const floor = await withMemory(floorServer.pid, generator, floorJob);
  const ours = await withMemory(server.pid, generator, job);
  await server.api.closeSession(id);
  await server.api.allFinished([id], 1);
  context.say('reading it back');
  await verifyContent(server.api, context.seed, bytes);

  const ratio = floor.elapsedMs / ours.elapsedMs;
  const row = (name: string, { elapsedMs, growth, secondHalf, peak }: typeof ours) => [
    name,
    number(elapsedMs / 1000),
    number(bytes / 1000 / elapsedMs),
    megabytes(growth),
    megabytes(secondHalf),
    megabytes(peak),
  ];
  return {
    tables: [
      {
        title: `One file of ${number(bytes / 1000 ** 3)} GB over one connection`,
        head: ['Server', 'seconds', 'MB/s', 'growth of memory', 'second half over first', 'peak memory'],
        rows: [row('Sluice', ours), row('floor', floor)],
      },
    ],
    aims:
      ours.growth === null
        ? []
        : [
            {
              aim: 'Growth of resident memory under 64 MiB',
              seen: megabytes(ours.growth),
              met: ours.growth < GROWTH_AIM_BYTES,
            },
          ],
    notes: [
      'Once, not several times. Growth: from just before the upload to the peak, on a server that had taken no upload ' +
        'before. Second half over first: the peak of the one less the peak of the other, near zero where memory does ' +
        `not grow with the file. Speed: ${number(ratio)} of the floor. Read back and compared byte for byte.`,
    ],
    data: { bytes, ours, floor, ratio },
  };
};

/** Bytes; null where the system does not tell. `secondHalf`: how much higher its peak is than that of the first. */
type MemoryUse = { peak: number | null; growth: number | null; secondHalf: number | null };

const withMemory = async (
  pid: number,
  generator: Generator,
  job: LargeJob,
): Promise<MemoryUse & { elapsedMs: number }> => {
  resetPeak(pid);
  const before = memoryOf(pid);
  const watch = watchMemory(pid, 100);
  const { elapsedMs } = await generator.run(job);
  const samples = watch.stop();
  const after = memoryOf(pid);
  if (!before || !after) return { elapsedMs, peak: null, growth: null, secondHalf: null };
  const half = samples.length >> 1;
  return {
    elapsedMs,
    peak: after.peak,
    growth: after.peak - before.resident,
    secondHalf: half === 0 ? null : Math.max(...samples.slice(half)) - Math.max(...samples.slice(0, half)),
  };
};

const verifyContent = async (api: Api, seed: number, bytes: number): Promise<void> => {
  const { data } = await api.files({ name: NAME });
  expectEqual(
    'The large file in the list',
    data.map((file) => [file.name, file.size]),
    [[NAME, bytes]],
  );
  const blocks = largeFileBlocks(seed, bytes);
  let expected: Buffer = Buffer.alloc(0);
  let read = 0;
  for await (const chunk of await api.content(data[0]?.file_id ?? '')) {
    for (let at = 0; at < chunk.length; ) {
      if (expected.length === 0) expected = blocks.next().value ?? Buffer.alloc(0);
      const length = Math.min(expected.length, chunk.length - at);
      if (length === 0 || expected.compare(chunk, at, at + length, 0, length) !== 0) {
        throw new CorrectnessError(`The large file differs after ${read + at} bytes`);
      }
      expected = expected.subarray(length);
      at += length;
    }
    read += chunk.length;
  }
  expectEqual('Bytes of the large file read back', read, bytes);
};
