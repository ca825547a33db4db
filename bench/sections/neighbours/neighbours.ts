import { join } from 'node:path';
import { type Generator, startGenerator } from '../../process/generator.ts';
import { scratchFolder } from '../../scratch.ts';
import type { Context, Section } from '../../section.ts';
import { quantile } from '../../stats.ts';
import { number, type Table } from '../../table.ts';
import { writeTree } from '../session/tree.ts';
import { type Amounts, burdensOf } from './burdens.ts';
import type { Place } from './place.ts';
import { inOneProcess, inProduction } from './places.ts';
import { watchPaths } from './watch.ts';

const FULL: Amounts = { files: 100_000, pairs: 10_000, requests: 20_000, connections: 900 };
const QUICK: Amounts = { files: 2000, pairs: 200, requests: 1000, connections: 100 };

const WATCHED = ['/api/v1/workspaces/neighbour/files', '/ready'];
const AIM_MS = 100;

type Seen = { burden: string; seconds: number; late: number[][] };

export const neighbours: Section = {
  name: 'neighbours',
  title: 'What others wait for while one client asks for much',
  run: async (context) => {
    const amounts = context.quick ? QUICK : FULL;
    const filling = { files: amounts.files, seed: context.seed };
    await using scratch = await scratchFolder(context.scratch, 'neighbours');
    await using generator = startGenerator();
    const tree = join(scratch.path, 'tree');
    await writeTree(tree, amounts.pairs, context.seed);
    const measure = (mode: string) => async (place: Place) => {
      context.say(mode);
      return watchAll(context, place, generator, tree, amounts);
    };
    context.say(`putting ${2 * amounts.files} files in place`);
    const embedded = await inOneProcess(join(scratch.path, 'data'), filling, measure('embedded'));
    const production = await inProduction(filling, measure('production'));
    const modes = { embedded, production };
    return {
      tables: Object.entries(modes).map(([mode, seen]) => tableOf(mode, seen)),
      aims: Object.entries(modes).map(([mode, seen]) => aimOf(mode, seen)),
      notes: [
        'Once, not several times. Asked for every 50 ms; an answer is counted from when it was due to be asked for, so that ' +
          'one long wait counts as all those that would have been asked meanwhile.',
        'Server, services and the bench share this machine: look at a row beside that of "nothing".',
      ],
      data: { amounts, ...modes },
    };
  },
};

const watchAll = async (
  context: Context,
  place: Place,
  generator: Generator,
  tree: string,
  amounts: Amounts,
): Promise<Seen[]> => {
  const seen: Seen[] = [];
  for (const { name, prepare } of burdensOf(place, generator, tree, amounts)) {
    const work = await prepare();
    const from = performance.now();
    const late = await watchPaths(place, WATCHED, work);
    const seconds = (performance.now() - from) / 1000;
    seen.push({ burden: name, seconds, late });
    context.say(`${name}: ${late.map((each) => `${number(quantile(each, 0.99))} ms`).join(', ')}`);
  }
  return seen;
};

const tableOf = (mode: string, seen: readonly Seen[]): Table => ({
  title: `Milliseconds, ${mode}`,
  head: ['Meanwhile', 'page, p99', 'page, max', '/ready, p99', '/ready, max', 'seconds'],
  rows: seen.map(({ burden, seconds, late }) => [
    burden,
    ...late.flatMap((each) => [number(quantile(each, 0.99)), number(Math.max(...each))]),
    number(seconds),
  ]),
});

const aimOf = (mode: string, seen: readonly Seen[]) => {
  const worst = Math.max(...seen.flatMap(({ late }) => late.map((each) => quantile(each, 0.99))));
  return {
    aim: `Others wait less than ${AIM_MS} ms (p99) whatever one client asks for, ${mode}`,
    seen: `at most ${number(worst)} ms`,
    met: worst < AIM_MS,
  };
};
