import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { startSluice } from '../../../testing/server/sluice-server.ts';
import { createClient } from '../src/node/index.ts';

const server = await startSluice();
const client = createClient({ ...server, workspaceName: 'workflows' });
const workspace = client.inWorkspace();

before(async () => {
  await client.workspaces.create('workflows');
  await workspace.uploadFiles(
    Array.from({ length: 25 }, (_, index) => ({
      name: `f${index}.txt`,
      body: 'x',
      meta: { index, even: index % 2 === 0 },
    })),
  );
});

test('CLI.4: files come in batches, by name and filter', async () => {
  const batches = await Array.fromAsync(workspace.listFiles({ batchSize: 11 }));
  assert.deepEqual(
    batches.map((batch) => batch.length),
    [11, 11, 3],
  );
  const [even] = await Array.fromAsync(workspace.listFiles({ filter: 'even eq true', name: 'f1' }));
  assert.deepEqual(even?.map(({ name }) => name).sort(), [
    'f10.txt',
    'f12.txt',
    'f14.txt',
    'f16.txt',
    'f18.txt',
  ]);
  assert.deepEqual(await Array.fromAsync(client.listFiles('workflows', { name: 'nothing' })), []);
});

test('CLI.4: sessions come in batches, expired ones apart', async () => {
  for (let more = 0; more < 4; more++) await workspace.uploadSessions.create();
  const batches = await Array.fromAsync(workspace.listUploadSessions({ batchSize: 2 }));
  assert.deepEqual(
    batches.map((batch) => batch.length),
    [2, 2, 1],
  );
  assert.deepEqual(await Array.fromAsync(workspace.listUploadSessions({ isExpired: true })), []);
  const [first] = batches[0] ?? [];
  const status = await workspace.getUploadSession(first?.session_id ?? '');
  assert.equal(status.session_id, first?.session_id);
});

test('metadata of many files changes, and what fails is told', async () => {
  const files = (await Array.fromAsync(workspace.listFiles())).flat();
  const nobody = '00000000-0000-4000-8000-000000000000';
  const changes = Object.fromEntries(files.map(({ file_id }) => [file_id, { even: null, read: true }]));
  const result = await workspace.updateMetadata({ ...changes, [nobody]: { read: true } });
  assert.equal(result.updated_count, 25);
  assert.deepEqual(
    result.failed_files.map(({ file_id }) => file_id),
    [nobody],
  );
  const [first] = files;
  const meta = await workspace.files.metadata(first?.file_id ?? '');
  assert.deepEqual(meta, { index: first?.meta.index, read: true });
});

test('files are deleted by name and by id, and those that are gone count for nothing', async () => {
  const [found] = await Array.fromAsync(workspace.listFiles({ name: 'f20.txt' }));
  const fileId = found?.[0]?.file_id ?? '';
  const gone = { names: ['f21.txt', 'f22.txt', 'nothing'], fileIds: [fileId, fileId.replace(/^./, '0')] };
  assert.deepEqual(await workspace.deleteFiles(gone), { deletedCount: 3 });
  assert.deepEqual(await workspace.deleteFiles(gone), { deletedCount: 0 });
  assert.equal((await workspace.files.list()).total, 22);
});

test('a plan asks no server', async () => {
  const nowhere = createClient({ baseUrl: 'http://127.0.0.1:9', apiKey: 'api_none' });
  const plan = await nowhere.planUpload(
    [
      { name: 'a', body: '' },
      { name: 'b.meta.json', body: '{}' },
    ],
    { emptyFiles: 'skip' },
  );
  assert.deepEqual(plan.emptyFiles, [0]);
  assert.deepEqual(
    plan.problems.map(({ name, code }) => `${name} ${code}`),
    ['a EMPTY_FILE', 'b.meta.json ORPHAN_SIDECAR'],
  );
});

test('without a workspace the client was made with, one has to be named', () => {
  assert.throws(() => createClient(server).inWorkspace(), TypeError);
});
