// What somebody does with the installed package, on any Node: every workflow once. Prints what came of it, as JSON.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiError, createClientFromEnvironment, ExactNumber, jsonText } from '@sluice/client/node';

const client = createClientFromEnvironment();
const workspace = client.inWorkspace();
await client.workspaces.create(workspace.workspaceName);
const folder = await mkdtemp(join(tmpdir(), 'sluice-client-package-'));
const documents = join(folder, 'documents');
await mkdir(join(documents, 'minutes'), { recursive: true });
await writeFile(join(documents, 'a.txt'), 'from disk');
await writeFile(join(documents, 'a.txt.meta.json'), '{"kind":"disk"}');
await writeFile(join(documents, 'minutes', 'ü b.md'), '# March');
await writeFile(join(documents, 'large.bin'), new Uint8Array(3_000_000).fill(7));
const pieces = async function* () {
  yield 'pie';
  yield new TextEncoder().encode('ces');
};

const told = ({ results }) =>
  results.map(({ name, status, reason }) => [name, status, reason].join(' ').trim());

try {
  const files = await workspace.uploadFiles([
    {
      name: 'text',
      body: 'grün',
      meta: { kind: 'text', tweet_id: 1546130668394913822n, exact: new ExactNumber('1.0') },
    },
    { name: 'refused', body: 'x', meta: { kind: { of: [Number.NaN] } } },
    { name: 'bytes', body: new Uint8Array([1, 2, 3]) },
    { name: 'blob', body: new Blob(['blob']) },
    { name: 'pieces', body: pieces() },
    { name: 'opened', body: { size: 6, open: pieces } },
    { name: 'stream', body: new Blob(['stream']).stream() },
    join(documents, 'a.txt'),
    join(documents, 'missing.txt'),
  ]);
  const directory = await workspace.uploadDirectory(documents, { writeMode: 'OVERWRITE' });
  const resumed = await workspace.uploadDirectory(documents, { resume: { results: directory.results } });

  const listed = [];
  for await (const batch of workspace.listFiles({ batchSize: 4 }))
    listed.push(...batch.map(({ name }) => name));
  const filtered = [];
  for await (const batch of workspace.listFiles({ filter: "kind eq 'disk'" })) filtered.push(...batch);
  await workspace.updateMetadata({ [filtered[0].file_id]: { kind: null, read: true } });
  const [text] = (await workspace.files.list({ name: 'text' }, { exactNumbers: true })).data;
  const sessions = [];
  for await (const batch of workspace.listUploadSessions())
    sessions.push(...batch.map(({ status }) => status));

  const target = join(folder, 'target');
  const download = await workspace.downloadFiles(target);
  const again = await workspace.downloadFiles(target, { existing: 'skip' });
  const refusal = await client.workspaces.create('x').catch((error) => error);

  console.log(
    JSON.stringify({
      files: told(files),
      directory: told(directory),
      resumed: { ...resumed, results: told(resumed) },
      listed: listed.sort(),
      sessions,
      metadata: await workspace.files.metadata(filtered[0].file_id),
      download: [download.saved, download.skipped, download.failed],
      again: [again.saved, again.skipped, again.failed],
      large: (await readFile(join(target, 'large.bin'))).equals(await readFile(join(documents, 'large.bin'))),
      numbers: [jsonText(text.meta), typeof text.meta.tweet_id],
      sidecar: await readFile(join(target, 'text.meta.json'), 'utf8'),
      refusal: [refusal instanceof ApiError, refusal.status],
      deleted: await workspace.deleteFiles({ names: ['text', 'blob'], fileIds: [filtered[0].file_id] }),
    }),
  );
} finally {
  await rm(folder, { recursive: true });
}
