// Shows what Sluice does, in a few seconds and with nothing left behind: starts a server on a folder of its own,
// sends examples/documents through an upload session, and tells what became of every file.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { createClient, type Upload, type UploadPlan } from '@sluice/client/node';
import { deviations } from './demo/expected.ts';
import { heading, paint, size, table } from './demo/print.ts';
import { startServer } from './demo/server.ts';

const DOCUMENTS = fileURLToPath(new URL('documents/', import.meta.url));
const WORKSPACE = 'default';
const FILTER = "category eq 'tolls'";

const run = async (dataFolder: string, signal: AbortSignal): Promise<string[]> => {
  const server = await startServer(dataFolder);
  try {
    console.log(`A server runs at ${server.url}, its data in a temporary folder.`);

    const client = createClient({ baseUrl: server.url, apiKey: server.apiKey });
    const upload = await client.uploadDirectory(WORKSPACE, DOCUMENTS, {
      orphanSidecars: 'send', // so that the server has something to report
      onPlan: showPlan,
      signal,
    });
    showUpload(upload);

    const found = await client.files.list(
      WORKSPACE,
      { filter: FILTER, field: 'name', limit: 100 },
      { signal },
    );
    heading(`What can be asked now: files where ${FILTER}`);
    table(
      found.data.map(({ name, meta }) => [
        name,
        String(meta.year),
        String(meta.language),
        { text: [meta.tags].flat().join(', '), style: 'dim' },
      ]),
    );
    return deviations(
      upload,
      found.data.map(({ name }) => name),
    );
  } catch (error) {
    for (const line of server.log()) console.error(line);
    throw error;
  } finally {
    const code = await server.stop();
    if (code !== 0 && process.platform !== 'win32') console.error(`The server ended with code ${code}.`);
  }
};

const showPlan = ({ files, orphanSidecars, bytes }: UploadPlan): void => {
  const sidecars = files.filter(({ sidecar }) => sidecar !== null).length + orphanSidecars.length;
  console.log(`An upload session takes ${files.length} documents and ${sidecars} sidecars, ${size(bytes)}.`);
};

const showUpload = ({ sessionId, results, orphanSidecars }: Upload): void => {
  heading(`What became of every file of session ${sessionId}`);
  table(
    results
      .filter(({ reason }) => reason !== 'ORPHAN_SIDECAR')
      .map(({ name, status, size: bytes, reason, message }) => [
        { text: status, style: status === 'finished' ? 'green' : 'red' },
        name,
        { text: size(bytes ?? 0), right: true },
        reason ?? '',
        { text: message ?? '', style: 'dim' },
      ]),
  );
  for (const sidecar of orphanSidecars) {
    console.log(`  ${paint('yellow', 'reported')}  ${sidecar} came without its file; it counts nowhere.`);
  }
};

const showNext = (): void => {
  heading('What to do next');
  table([
    [
      'npm start',
      { text: 'a server that stays, at http://127.0.0.1:8000, its data in ./data', style: 'dim' },
    ],
    ['/docs', { text: 'below that address: every request it takes, to read and to try', style: 'dim' }],
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
  const dataFolder = await mkdtemp(join(tmpdir(), 'sluice-demo-'));
  const wrong = await run(dataFolder, signal).finally(() =>
    rm(dataFolder, { recursive: true, force: true, maxRetries: 5 }),
  );
  if (wrong.length > 0) throw new Error(['This is not how it must end:', ...wrong].join('\n  '));
  heading(paint('green', 'Every file ended as it must. The server has stopped, its folder is gone.'));
  showNext();
};

main().catch((error: unknown) => {
  console.error(paint('red', `\nThe demo failed. ${error instanceof Error ? error.message : String(error)}`));
  process.exitCode = 1;
});
