import { execFile } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { CorrectnessError } from '../../correctness.ts';
import { startServer } from '../../process/server.ts';
import { scratchFolder } from '../../scratch.ts';
import type { Section } from '../../section.ts';
import { writeTree } from '../session/tree.ts';

const run = promisify(execFile);

const UPLOADER = fileURLToPath(import.meta.resolve('./uploader.mjs'));
const BUILD = fileURLToPath(import.meta.resolve('../../../packages/client/scripts/build.ts'));
const BUILT = fileURLToPath(import.meta.resolve('../../../packages/client/dist/node.js'));

const MIB = 1024 ** 2;
const AIM_MIB = 160;

type Upload = { peakBytes: number; milliseconds: number; finished: number; files: number };

/** How much memory the client holds at most, in a process of its own that does nothing else. */
export const clientMemory: Section = {
  name: 'client-memory',
  title: 'Memory of the client while it uploads',
  run: async (context) => {
    await using scratch = await scratchFolder(context.scratch, 'client-memory');
    context.say('building the client as it is published');
    await run(process.execPath, [BUILD]);

    const pairs = context.quick ? 1_000 : 10_000;
    const tree = join(scratch.path, 'tree');
    await writeTree(tree, pairs, context.seed);
    const uploads = [
      {
        name: `${pairs.toLocaleString('en-US')} files and their sidecars`,
        ...(await measure(scratch.path, tree)),
      },
    ];
    context.say(`${uploads[0]?.name}: ${mib(uploads[0]?.peakBytes ?? 0)} MiB`);

    if (context.large) {
      const gib = context.quick ? 1 : 5;
      const folder = join(scratch.path, 'large');
      await sparseFile(folder, gib * 1024 ** 3 - 1);
      uploads.push({ name: `one file of ${gib} GiB`, ...(await measure(scratch.path, folder)) });
      context.say(`${uploads[1]?.name}: ${mib(uploads[1]?.peakBytes ?? 0)} MiB`);
    }
    return {
      tables: [
        {
          title: 'A process that runs the published client, from its start to the last file FINISHED',
          head: ['Upload', 'peak of resident memory, MiB', 'seconds'],
          rows: uploads.map(({ name, peakBytes, milliseconds }) => [
            name,
            mib(peakBytes),
            (milliseconds / 1000).toFixed(1),
          ]),
        },
      ],
      aims: uploads.map(({ name, peakBytes }) => ({
        aim: `Client, ${name}: under ${AIM_MIB} MiB`,
        seen: `${mib(peakBytes)} MiB`,
        met: peakBytes < AIM_MIB * MIB,
      })),
      notes: ['An empty process of this Node holds some 45 MiB.'],
      data: { uploads },
    };
  },
};

const measure = async (scratch: string, folder: string): Promise<Upload> => {
  await using data = await scratchFolder(scratch, 'data');
  await using server = await startServer(data.path);
  const entry = pathToFileURL(BUILT).href;
  const { stdout } = await run(process.execPath, [
    UPLOADER,
    entry,
    server.url.href,
    server.key,
    'default',
    folder,
  ]);
  const upload = JSON.parse(stdout) as Upload;
  if (upload.finished !== upload.files || upload.files === 0) {
    throw new CorrectnessError(`${upload.finished} of ${upload.files} files finished`);
  }
  return upload;
};

const sparseFile = async (folder: string, size: number): Promise<void> => {
  await mkdir(folder);
  const file = await open(join(folder, 'large.bin'), 'w');
  await file.truncate(size);
  await file.close();
};

const mib = (bytes: number): string => (bytes / MIB).toFixed(0);
