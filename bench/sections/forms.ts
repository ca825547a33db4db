import type { FormsJob } from '../load/jobs.ts';
import { startFloorServer } from '../process/floor-server.ts';
import { type Generator, startGenerator } from '../process/generator.ts';
import { startServer } from '../process/server.ts';
import { scratchFolder } from '../scratch.ts';
import type { Aim, Context, Section } from '../section.ts';
import { ratios, type Spread, spread } from '../stats.ts';
import { megabytes, number, type Table, withRange } from '../table.ts';
import { type MeasuredLoad, measuredLoad, otherOrigin } from './measured-load.ts';

const CONNECTIONS = 16;

/** Two sessions a run: with the limit of 10,000 files each, a run of 16,000 fits in no single one. */
const SESSIONS = 2;

const CASES = [
  { name: '1 KiB', bytes: 1024, uploads: 16_000, quick: 1600, aim: 0.3 },
  { name: '16 KiB', bytes: 16 * 1024, uploads: 8000, quick: 800, aim: 0.2 },
  { name: '1 MiB', bytes: 1024 * 1024, uploads: 480, quick: 64, aim: null },
];

export const forms: Section = {
  name: 'forms',
  title: 'Durable form uploads',
  run: async (context) => {
    await using generator = startGenerator();
    const results: CaseResult[] = [];
    for (const upload of CASES) results.push(await runCase(context, generator, upload));
    return {
      tables: [table(results)],
      aims: results.flatMap(aimOf),
      notes: [
        `${CONNECTIONS} keep-alive connections, one request at a time on each. Floor: a bare Node server that reads ` +
          'and drops the same bytes and answers 204; it stores nothing.',
        'Every upload was checked: answered with success, and FINISHED after its session was closed.',
      ],
      data: results,
    };
  },
};

type CaseResult = {
  name: string;
  bytes: number;
  uploads: number;
  aim: number | null;
  ours: MeasuredLoad[];
  floor: MeasuredLoad[];
  ratio: Spread;
};

const runCase = async (
  context: Context,
  generator: Generator,
  { name, bytes, uploads, quick, aim }: (typeof CASES)[number],
): Promise<CaseResult> => {
  await using folder = await scratchFolder(context.scratch, 'forms');
  await using floorServer = await startFloorServer();
  await using server = await startServer(folder.path);
  const perRun = context.quick ? quick : uploads;
  const job = { kind: 'forms', connections: CONNECTIONS, bodyBytes: bytes } as const;

  const runOnce = async (count: number, seed: number) => {
    const sessions = await Promise.all(Array.from({ length: SESSIONS }, server.api.openSession));
    const ourJob: FormsJob = { ...job, forms: sessions.map((s) => s.form), uploads: count, seed };
    const floorJob = { ...ourJob, forms: ourJob.forms.map((form) => otherOrigin(form, floorServer.url)) };
    const floor = await measuredLoad(generator, floorJob, floorServer.pid);
    const ours = await measuredLoad(generator, ourJob, server.pid);
    for (const { id } of sessions) await server.api.closeSession(id);
    await server.api.allFinished(
      sessions.map(({ id }) => id),
      count / SESSIONS,
    );
    return { ours, floor };
  };

  context.say(`${name}: warming up`);
  await runOnce(Math.ceil(perRun / 2 / CONNECTIONS) * CONNECTIONS, context.seed);
  const ours: MeasuredLoad[] = [];
  const floor: MeasuredLoad[] = [];
  for (let run = 1; run <= context.runs; run++) {
    const result = await runOnce(perRun, context.seed + run);
    ours.push(result.ours);
    floor.push(result.floor);
    context.say(`${name}: run ${run}, ${number(rate(result.ours))} of ${number(rate(result.floor))} forms/s`);
  }
  return { name, bytes, uploads: perRun, aim, ours, floor, ratio: ratios(ours.map(rate), floor.map(rate)) };
};

const rate = ({ requests, elapsedMs }: MeasuredLoad): number => (requests / elapsedMs) * 1000;

const table = (results: CaseResult[]): Table => ({
  title: 'Durable form uploads per second',
  head: [
    'File',
    'Sluice, forms/s',
    'floor, forms/s',
    'ratio',
    'Sluice, MiB/s',
    'p50, ms',
    'p99, ms',
    'CPU, µs/form',
    'floor CPU',
    'peak memory',
    'floor memory',
  ],
  rows: results.map(({ name, bytes, ours, floor, ratio }) => [
    name,
    withRange(spread(ours.map(rate))),
    withRange(spread(floor.map(rate))),
    withRange(ratio),
    number((spread(ours.map(rate)).median * bytes) / 1024 / 1024),
    number(spread(ours.map((run) => run.latencyMs.p50)).median),
    number(spread(ours.map((run) => run.latencyMs.p99)).median),
    processorTime(ours),
    processorTime(floor),
    megabytes(peak(ours)),
    megabytes(peak(floor)),
  ]),
});

const processorTime = (runs: MeasuredLoad[]): string => {
  const perForm = runs.map(({ processorSeconds, requests }) => ((processorSeconds ?? 0) / requests) * 1e6);
  return number(spread(perForm).median);
};

const peak = (runs: MeasuredLoad[]): number | null => {
  const peaks = runs.map((run) => run.peakBytes);
  return peaks.includes(null) ? null : Math.max(...(peaks as number[]));
};

const aimOf = ({ name, aim, ratio }: CaseResult): Aim[] => {
  if (aim === null) return [];
  return [
    {
      aim: `${name} forms: at least ${aim.toFixed(2)} of the floor`,
      seen: withRange(ratio),
      met: ratio.median >= aim,
    },
  ];
};
