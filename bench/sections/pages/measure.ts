import { PAGE_ROWS, type Query, queriesFor } from '../../../testing/rows/queries.ts';
import { type Row, VARIANTS } from '../../../testing/rows/rows.ts';
import { CorrectnessError, expectEqual } from '../../correctness.ts';
import { startFloorServer } from '../../process/floor-server.ts';
import { startServer } from '../../process/server.ts';
import type { Context } from '../../section.ts';
import { median, quantile, ratios, type Spread, spread } from '../../stats.ts';
import { type Asker, getRequest, openAsker } from './asker.ts';

/** Milliseconds; of each batch of requests the p50. */
export type QueryResult = {
  query: string;
  size: number;
  total: number;
  bytes: number;
  ours: Spread;
  floor: Spread;
  ratio: Spread;
  /** First requests, each with a filter that the server never saw; null where there is none. */
  first: Spread | null;
};

/** The variant that warms up; the others are seen first when they are measured. */
const WARM = VARIANTS - 1;
/** A batch of a query that takes long is cut short. */
const BATCH_MS = 3000;

/** Asks a server whose data folder holds the first `size` rows already. */
export const measureSize = async (
  context: Context,
  dataFolder: string,
  size: number,
  row: (index: number) => Row,
): Promise<QueryResult[]> => {
  const queries = queriesFor(size, row);
  const totals = expectedTotals(queries, size, row);
  await using floorServer = await startFloorServer();
  await using server = await startServer(dataFolder);
  using asker = await openAsker(server.url);
  using floorAsker = await openAsker(floorServer.url);

  const request = (query: Query, variant: number): Buffer =>
    getRequest(
      server.url,
      `${server.api.filesPath}?${new URLSearchParams(query.parameters(variant))}`,
      server.key,
    );
  const check = (query: Query, variant: number, body: Buffer): void => {
    const page = JSON.parse(body.toString()) as { data: unknown[]; total: number };
    const total = totals.get(query)?.[variant] as number;
    expectEqual(`Total of "${query.name}" at ${size} files`, page.total, total);
    if (total > 0 && page.data.length === 0) throw new CorrectnessError(`"${query.name}" found nothing`);
    if (query.varies) expectEqual(`Rows of "${query.name}"`, page.data.length, Math.min(total, PAGE_ROWS));
  };

  for (const query of queries) {
    for (let n = 0; n < 30; n++) check(query, WARM, (await asker.ask(request(query, WARM))).body);
  }
  const first = new Map<Query, number[]>();
  for (const query of queries.filter(({ varies }) => varies)) {
    const times: number[] = [];
    for (let variant = 0; variant < WARM; variant++) {
      const { milliseconds, body } = await asker.ask(request(query, variant));
      check(query, variant, body);
      times.push(milliseconds);
    }
    first.set(query, times);
  }

  const results: QueryResult[] = [];
  for (const query of queries) {
    const ask = request(query, 0);
    const { body } = await asker.ask(ask);
    const floorAsk = getRequest(floorServer.url, `/bytes/${body.length}`, server.key);
    const batches: Awaited<ReturnType<typeof measureBatch>>[] = [];
    for (let run = 0; run < context.runs; run++) {
      batches.push(await measureBatch(context.quick ? 10 : 100, asker, ask, floorAsker, floorAsk));
    }
    const [ours, floor] = [batches.map((b) => b.ours), batches.map((b) => b.floor)];
    const times = first.get(query);
    results.push({
      query: query.name,
      size,
      total: (JSON.parse(body.toString()) as { total: number }).total,
      bytes: body.length,
      ours: spread(ours),
      floor: spread(floor),
      ratio: ratios(ours, floor),
      first: times ? spread(times) : null,
    });
    context.say(`${size} files, ${query.name}: ${median(ours).toFixed(2)} ms`);
  }
  return results;
};

/** Both in turn, request by request. */
const measureBatch = async (
  requests: number,
  asker: Asker,
  ask: Buffer,
  floorAsker: Asker,
  floorAsk: Buffer,
): Promise<{ ours: number; floor: number }> => {
  const ours: number[] = [];
  const floor: number[] = [];
  const until = performance.now() + BATCH_MS;
  while (ours.length < requests && (ours.length < 3 || performance.now() < until)) {
    floor.push((await floorAsker.ask(floorAsk)).milliseconds);
    ours.push((await asker.ask(ask)).milliseconds);
  }
  return { ours: quantile(ours, 0.5), floor: quantile(floor, 0.5) };
};

/** How many rows each variant of a query must find; counted here, by a plain walk over all of them. */
const expectedTotals = (
  queries: readonly Query[],
  size: number,
  row: (index: number) => Row,
): Map<Query, number[]> => {
  const totals = new Map(queries.map((query) => [query, Array<number>(VARIANTS).fill(0)]));
  for (let index = 0; index < size; index++) {
    const each = row(index);
    for (const [{ matches }, counts] of totals) {
      for (let variant = 0; variant < VARIANTS; variant++) {
        if (matches(each, variant)) counts[variant] = (counts[variant] as number) + 1;
      }
    }
  }
  return totals;
};
