import { insertFiles } from '../../../testing/rows/collection.ts';
import { type Row, rowAt } from '../../../testing/rows/rows.ts';
import { startServer } from '../../process/server.ts';
import { scratchFolder } from '../../scratch.ts';
import type { Aim, Section } from '../../section.ts';
import { number, type Table } from '../../table.ts';
import { measureSize, type QueryResult } from './measure.ts';

const SIZES = [10_000, 100_000, 1_000_000];
const QUICK_SIZES = [1000, 10_000];

export const pages: Section = {
  name: 'pages',
  title: 'Pages, filters and totals of a growing workspace',
  run: async (context) => {
    const sizes = context.quick ? QUICK_SIZES : SIZES;
    const row = (index: number): Row => rowAt(context.seed, sizes, index);
    await using folder = await scratchFolder(context.scratch, 'pages');
    {
      await using _server = await startServer(folder.path); // makes the folder, the workspace and the key
    }
    const results: QueryResult[] = [];
    for (const [at, size] of sizes.entries()) {
      context.say(`filling up to ${size} files`);
      await insertFiles(folder.path, { from: sizes[at - 1] ?? 0, to: size, at: row });
      results.push(...(await measureSize(context, folder.path, size, row)));
    }

    const names = [...new Set(results.map(({ query }) => query))];
    const bySize = (name: string) => results.filter(({ query }) => query === name);
    // A page by number counts off all rows before it, in every database: clients are told to use the cursor.
    const keyset = names.filter((name) => !name.endsWith('by number'));
    const counted = names.filter((name) => bySize(name)[0]?.first);
    return {
      tables: [
        repeatedTable(
          sizes,
          names.map((name) => [name, bySize(name)]),
        ),
        firstTable(
          sizes,
          counted.map((name) => [name, bySize(name)]),
        ),
      ],
      aims: [
        aim('Pages by cursor and repeated filters: the median at most doubles', keyset, (name) =>
          factor(bySize(name).map((result) => result.ours.median)),
        ),
        aim('Filters never seen before: the median at most doubles', counted, (name) =>
          factor(bySize(name).map((result) => result.first?.median ?? 0)),
        ),
      ],
      notes: [
        'One connection, one request at a time, ten rows a page. Rows were put into the database by the server’s own ' +
          'store. Floor: a bare Node server that answers constant JSON of the same length, asked in turn with Sluice.',
        'Every total was compared with one counted from the rows themselves.',
      ],
      data: { sizes, results },
    };
  },
};

type Rows = readonly (readonly [name: string, results: QueryResult[]])[];

const sizeName = (size: number) => size.toLocaleString('en-US');

const factor = (medians: readonly number[]): number => (medians.at(-1) as number) / (medians[0] as number);

const repeatedTable = (sizes: readonly number[], rows: Rows): Table => ({
  title: 'Milliseconds of a page (p50), its total asked for before',
  head: ['Asked for', ...sizes.map(sizeName), 'factor', 'floor', 'ratio to the floor', 'total'],
  rows: rows.map(([name, results]) => {
    const last = results.at(-1) as QueryResult;
    return [
      name,
      ...results.map(({ ours }) => number(ours.median)),
      number(factor(results.map(({ ours }) => ours.median))),
      number(last.floor.median),
      number(last.ratio.median),
      sizeName(last.total),
    ];
  }),
});

const firstTable = (sizes: readonly number[], rows: Rows): Table => ({
  title: 'Milliseconds of the first page of a filter never seen before: its total is counted (p50)',
  head: ['Asked for', ...sizes.map(sizeName), 'factor', 'slowest'],
  rows: rows.map(([name, results]) => [
    name,
    ...results.map(({ first }) => number(first?.median ?? 0)),
    number(factor(results.map(({ first }) => first?.median ?? 0))),
    number(results.at(-1)?.first?.max ?? 0),
  ]),
});

const aim = (text: string, names: readonly string[], factorOf: (name: string) => number): Aim => {
  const over = names.filter((name) => factorOf(name) > 2);
  const worst = Math.max(...names.map(factorOf));
  return {
    aim: text,
    seen: `${names.length - over.length} of ${names.length}; the most is a factor of ${number(worst)}`,
    met: over.length === 0,
  };
};
