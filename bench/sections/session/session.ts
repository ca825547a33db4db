import { join } from 'node:path';
import { command, timeCopy } from '../../floor/copy.ts';
import { type Generator, startGenerator } from '../../process/generator.ts';
import { startServer } from '../../process/server.ts';
import { type ScratchFolder, scratchFolder } from '../../scratch.ts';
import type { Aim, Section } from '../../section.ts';
import { ratios, type Spread, spread } from '../../stats.ts';
import { withRange } from '../../table.ts';
import { type Expected, writeTree } from './tree.ts';
import { verifyFiles } from './verify.ts';

const CONNECTIONS = 16;

const UNEVEN =
  'The copies differ by more than twice: was something else using the disk, or many files removed minutes ago? Where ' +
  'a copy was slow its ratio says too little.';

type Tree = { folder: string; expected: Map<string, Expected> };

/** Milliseconds. */
type SessionRun = { upload: number; ingestion: number; whole: number; copy: number };

export const session: Section = {
  name: 'session',
  title: 'One session from open to the last file FINISHED',
  run: async (context) => {
    const files = context.quick ? 1000 : 10_000;
    await using scratch = await scratchFolder(context.scratch, 'session');
    await using generator = startGenerator();
    context.say(`writing ${files} files and their sidecars`);
    const folder = join(scratch.path, 'tree');
    const tree = { folder, expected: await writeTree(folder, files, context.seed) };

    context.say(
      `a first copy, not counted: ${(await timeCopy(folder, join(scratch.path, 'copy'))).toFixed(0)} ms`,
    );
    const runs: SessionRun[] = [];
    for (let run = 1; run <= context.runs; run++) {
      const copy = await timeCopy(tree.folder, join(scratch.path, `copy-${run}`));
      const result = { ...(await runSession(scratch, generator, tree)), copy };
      context.say(
        `run ${run}: ${result.whole.toFixed(0)} ms, of these ${result.ingestion.toFixed(0)} after the close; ` +
          `copy ${copy.toFixed(0)} ms`,
      );
      runs.push(result);
    }

    const copies = runs.map((run) => run.copy);
    const ratioOf = (part: 'upload' | 'ingestion' | 'whole') =>
      ratios(
        runs.map((run) => run[part]),
        copies,
      );
    const row = (name: string, part: 'upload' | 'ingestion' | 'whole') => [
      name,
      seconds(runs.map((run) => run[part])),
      seconds(copies),
      withRange(ratioOf(part)),
    ];
    return {
      tables: [
        {
          title: `${files.toLocaleString('en-US')} files of 1 to 8 KiB with a sidecar each`,
          head: ['Part', 'Sluice, s', 'cp -r and sync, s', 'ratio'],
          rows: [
            row('open to last upload answered', 'upload'),
            row('close to last file FINISHED', 'ingestion'),
            row('open to last file FINISHED', 'whole'),
          ],
        },
      ],
      aims: [
        aimBelow('Close to last FINISHED: under 3 times the copy', ratioOf('ingestion'), 3),
        aimBelow('Open to last FINISHED: under 12 times the copy', ratioOf('whole'), 12),
      ],
      notes: [
        `${CONNECTIONS} connections; files are read from the same tree that is copied. A new server on an empty ` +
          'folder in each run.',
        'Every run was checked: all files FINISHED, listed once, with their size and their metadata.',
        ...(Math.max(...copies) > 2 * Math.min(...copies) ? [UNEVEN] : []),
      ],
      data: { files, runs },
    };
  },
};

const runSession = async (
  scratch: ScratchFolder,
  generator: Generator,
  { folder, expected }: Tree,
): Promise<Omit<SessionRun, 'copy'>> => {
  await using data = await scratchFolder(scratch.path, 'data');
  await using server = await startServer(data.path);
  await command('sync', []);
  const opened = performance.now();
  const { id, form } = await server.api.openSession();
  await generator.run({ kind: 'folder', form, connections: CONNECTIONS, folder });
  const closed = performance.now();
  await server.api.closeSession(id);
  await server.api.allFinished([id], expected.size);
  const finished = performance.now();
  await verifyFiles(server.api, expected);
  return { upload: closed - opened, ingestion: finished - closed, whole: finished - opened };
};

const seconds = (milliseconds: number[]) => withRange(spread(milliseconds.map((ms) => ms / 1000)));

const aimBelow = (aim: string, ratio: Spread, limit: number): Aim => ({
  aim,
  seen: withRange(ratio),
  met: ratio.median < limit,
});
