// Shows what Sluice does, in a few seconds and with nothing left behind: starts a server on a folder of its own,
// sends examples/documents through an upload session with the command line, and tells what became of every file.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createClient } from '@sluice/client/node';
import { deviations } from './demo/expected.ts';
import { heading, paint, table } from './demo/print.ts';
import { type DemoServer, startServer } from './demo/server.ts';
import { uploadDocuments } from './demo/upload.ts';

const WORKSPACE = 'default';
const FILTER = "category eq 'tolls'";

const run = async (folder: string, signal: AbortSignal): Promise<string[]> => {
  const server = await startServer(join(folder, 'data'));
  try {
    console.log(`A server runs at ${server.url}, its data in a temporary folder.`);
    const { rows, sessionId } = await uploadDocuments(server, WORKSPACE, folder, signal);
    return deviations(rows, await ask(server, sessionId, signal));
  } catch (error) {
    for (const line of server.log()) console.error(line);
    throw error;
  } finally {
    const code = await server.stop();
    if (code !== 0 && process.platform !== 'win32') console.error(`The server ended with code ${code}.`);
  }
};

/** What the server says, asked by the client and not by what uploaded. */
const ask = async (server: DemoServer, sessionId: string, signal: AbortSignal) => {
  const client = createClient({ baseUrl: server.url, apiKey: server.apiKey });
  const session = await client.uploadSessions.get(WORKSPACE, sessionId, { signal });
  const query = { filter: FILTER, field: 'name', limit: 100 } as const;
  const found = await client.files.list(WORKSPACE, query, { signal });
  heading(`What can be asked now: files where ${FILTER}`);
  table(
    found.data.map(({ name, meta }) => [
      name,
      String(meta.year),
      String(meta.language),
      { text: [meta.tags].flat().join(', '), style: 'dim' },
    ]),
  );
  return { orphanSidecars: session.orphan_sidecars, tolls: found.data.map(({ name }) => name) };
};

const showNext = (): void => {
  heading('What to do next');
  table([
    [
      'npm start',
      { text: 'a server that stays, at http://127.0.0.1:8000, its data in ./data', style: 'dim' },
    ],
    ['/docs', { text: 'below that address: every request it takes, to read and to try', style: 'dim' }],
    ['npx sluice --help', { text: 'the command line that was used here', style: 'dim' }],
    ['README.md', { text: 'settings, clients, how files and sidecars belong together', style: 'dim' }],
    ['examples/demo.ts', { text: 'how this was done', style: 'dim' }],
  ]);
};

const main = async (): Promise<void> => {
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stopped.abort(new Error(`Stopped by ${signal}.`)));
  }
  const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(60_000)]);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-demo-'));
  const wrong = await run(folder, signal).finally(() =>
    rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  );
  if (wrong.length > 0) throw new Error(['This is not how it must end:', ...wrong].join('\n  '));
  heading(paint('green', 'Every file ended as it must. The server has stopped, its folder is gone.'));
  showNext();
};

main().catch((error: unknown) => {
  console.error(paint('red', `\nThe demo failed. ${error instanceof Error ? error.message : String(error)}`));
  process.exitCode = 1;
});
