import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { preparePython } from '../../../testing/python/python-environment.ts';
import { CorrectnessError } from '../../correctness.ts';
import { type Server, startServer } from '../../process/server.ts';
import { scratchFolder } from '../../scratch.ts';
import type { Section } from '../../section.ts';
import { ratios, spread } from '../../stats.ts';
import { withRange } from '../../table.ts';
import { type Expected, writeTree } from '../session/tree.ts';
import { verifyFiles } from '../session/verify.ts';

const run = promisify(execFile);

const OURS = fileURLToPath(import.meta.resolve('../client-memory/uploader.mjs'));
const THEIRS = fileURLToPath(import.meta.resolve('./upload.py'));
const BUILD = fileURLToPath(import.meta.resolve('../../../packages/client/scripts/build.ts'));
const BUILT = pathToFileURL(fileURLToPath(import.meta.resolve('../../../packages/client/dist/node.js'))).href;

const TIMEOUT_S = 1800;
const AIM = 5;

/** Our client beside the official Python SDK: the same server, the same tree, in turns. */
export const pythonSdk: Section = {
  name: 'python-sdk',
  title: 'The client beside the official Python SDK',
  run: async (context) => {
    const pairs = context.quick ? 200 : 10_000;
    const runs = Math.min(context.runs, 3);
    const python = preparePython('official-sdk');
    await run(process.execPath, [BUILD]);
    await using scratch = await scratchFolder(context.scratch, 'python-sdk');
    const folder = join(scratch.path, 'tree');
    const expected = await writeTree(folder, pairs, context.seed);
    const seconds: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
    for (let at = 1; at <= runs; at++) {
      const ours = await onNewServer(scratch.path, expected, ({ url, key }) =>
        timed(process.execPath, [OURS, BUILT, url.href, key, 'default', folder]),
      );
      const theirs = await onNewServer(scratch.path, expected, ({ url, key }) =>
        timed(python, [THEIRS, new URL('/api/v1', url).href, key, folder, String(TIMEOUT_S)]),
      );
      seconds.ours.push(ours);
      seconds.theirs.push(theirs);
      context.say(`run ${at}: client ${ours.toFixed(1)} s, Python SDK ${theirs.toFixed(1)} s`);
    }
    const faster = ratios(seconds.theirs, seconds.ours);
    return {
      tables: [
        {
          title: `${pairs.toLocaleString('en-US')} files of 1 to 8 KiB with a sidecar each, from open to all FINISHED`,
          head: ['', 'seconds', 'times faster'],
          rows: [
            ['@sluice/client', withRange(spread(seconds.ours)), withRange(faster)],
            ['deepset-cloud-sdk', withRange(spread(seconds.theirs)), '1'],
          ],
        },
      ],
      aims: [{ aim: `At least ${AIM} times faster`, seen: withRange(faster), met: faster.median >= AIM }],
      notes: [
        'Each upload on a new server with an empty folder; every file is checked afterwards. The start of the ' +
          'interpreters is not counted. Both have their own defaults for how many files they send at a time.',
      ],
      data: { pairs, seconds },
    };
  },
};

const onNewServer = async (
  scratch: string,
  expected: ReadonlyMap<string, Expected>,
  upload: (server: Server) => Promise<number>,
): Promise<number> => {
  await using data = await scratchFolder(scratch, 'data');
  await using server = await startServer(data.path);
  const seconds = await upload(server);
  await verifyFiles(server.api, expected);
  return seconds;
};

const timed = async (program: string, args: string[]): Promise<number> => {
  const { stdout } = await run(program, args, { maxBuffer: 64 * 1024 ** 2 });
  const line = stdout.trim().split('\n').at(-1) ?? '';
  const { milliseconds } = JSON.parse(line) as { milliseconds: number };
  if (!(milliseconds > 0)) throw new CorrectnessError(`No time was told: ${line}`);
  return milliseconds / 1000;
};
