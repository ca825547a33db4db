import assert from 'node:assert/strict';
import { renameSync, rmdirSync, statSync, symlinkSync } from 'node:fs';
import { link, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startSluice } from '../../../../../testing/server/sluice-server.ts';
import { createClient, type Download } from '../../../src/node/index.ts';
import { startCuttingNetwork } from '../../cutting-network.ts';

const server = await startSluice();
const network = await startCuttingNetwork(server.baseUrl);
const client = createClient(server);
const broken = createClient({
  ...server,
  baseUrl: network.url,
  retry: { attempts: 3, firstDelayMs: 1 },
  stallTimeoutMs: 200,
});

const newFolder = async (t: TestContext) => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-client-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
};

const workspaceWith = async (name: string, files: Record<string, string | Uint8Array<ArrayBuffer>>) => {
  await client.workspaces.create(name);
  for (const [file, body] of Object.entries(files)) {
    const upload = await client.uploadFiles(name, [{ name: file, body, meta: { file } }]);
    assert.equal(upload.results[0]?.status, 'finished');
  }
  return name;
};

const written = async (folder: string) =>
  ((await readdir(folder, { recursive: true, withFileTypes: true })) as import('node:fs').Dirent[])
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

const told = ({ results }: Download) => results.map(({ name, status }) => `${name} ${status}`).sort();

const LARGE = new Uint8Array(Array.from({ length: 300_000 }, (_, index) => index % 251));

test('NAM.7: files are saved below the folder, with their metadata, over nothing', async (t) => {
  const workspace = await workspaceWith('saved', {
    'a.txt': 'new',
    'sub/b.txt': 'b',
    CON: 'device',
    '.env': 'x',
  });
  const folder = await newFolder(t);
  await writeFile(join(folder, 'a.txt'), 'mine');
  const download = await client.downloadFiles(workspace, folder);
  assert.deepEqual([download.saved, download.skipped, download.failed], [4, 0, 0]);
  assert.deepEqual(await written(folder), [
    '_CON',
    '_CON.meta.json',
    '_env',
    '_env.meta.json',
    'a.txt',
    'a_1.txt',
    'a_1.txt.meta.json',
    'sub/b.txt',
    'sub/b.txt.meta.json',
  ]);
  assert.equal(await readFile(join(folder, 'a.txt'), 'utf8'), 'mine');
  assert.equal(await readFile(join(folder, 'a_1.txt'), 'utf8'), 'new');
  assert.deepEqual(JSON.parse(await readFile(join(folder, 'a_1.txt.meta.json'), 'utf8')), { file: 'a.txt' });
});

test('of files with one name the first gets it, and without metadata none is written', async (t) => {
  const workspace = await workspaceWith('twins', {});
  for (const body of ['1', '2', '3']) await client.uploadFiles(workspace, [{ name: 'a.txt', body }]);
  const folder = await newFolder(t);
  await client.downloadFiles(workspace, folder, { includeMetadata: false });
  assert.deepEqual(await written(folder), ['a.txt', 'a_1.txt', 'a_2.txt']);
  assert.equal(await readFile(join(folder, 'a.txt'), 'utf8'), '1');
  assert.equal(await readFile(join(folder, 'a_2.txt'), 'utf8'), '3');
});

test('run again, what is there already is skipped, twins included', async (t) => {
  const workspace = await workspaceWith('again', { 'a.txt': 'one', 'b.txt': 'two' });
  await client.uploadFiles(workspace, [{ name: 'a.txt', body: 'ONE' }]);
  const folder = await newFolder(t);
  await client.downloadFiles(workspace, folder, { existing: 'skip' });
  const names = await written(folder);
  assert.deepEqual(
    names.filter((name) => !name.endsWith('.json')),
    ['a.txt', 'a_1.txt', 'b.txt'],
  );
  const again = await client.downloadFiles(workspace, folder, { existing: 'skip' });
  assert.deepEqual([again.saved, again.skipped], [0, 3]);
  assert.deepEqual(await written(folder), names);
});

test('name, filter and a list choose files', async (t) => {
  const workspace = await workspaceWith('chosen', { 'a.txt': 'a', 'b.txt': 'b', 'c.md': 'c' });
  const by = async (options: object) =>
    told(await client.downloadFiles(workspace, await newFolder(t), options));
  assert.deepEqual(await by({ name: '.txt' }), ['a.txt saved', 'b.txt saved']);
  assert.deepEqual(await by({ filter: "file eq 'c.md'" }), ['c.md saved']);
  const { data } = await client.files.list(workspace, { name: 'b' });
  assert.deepEqual(await by({ files: data }), ['b.txt saved']);
});

test('CLI.1: a connection that breaks off again and again loses nothing, and nothing comes twice', async (t) => {
  const workspace = await workspaceWith('dropped', { 'large.bin': LARGE });
  const folder = await newFolder(t);
  Object.assign(network, { bytes: 70_000, ranges: [] });
  let came = 0;
  const download = await broken.downloadFiles(workspace, folder, {
    onBytes: (bytes) => {
      came += bytes;
      if (came % network.bytes === 0) network.cut();
    },
  });
  assert.deepEqual(told(download), ['large.bin saved']);
  assert.deepEqual(new Uint8Array(await readFile(join(folder, 'large.bin'))), LARGE);
  assert.deepEqual(network.ranges, [
    'all',
    'bytes=70000-',
    'bytes=140000-',
    'bytes=210000-',
    'bytes=280000-',
  ]);
  assert.equal(came, LARGE.length);
});

test('CLI.1: a connection that falls silent is given up, and the next run goes on where it ended', async (t) => {
  const workspace = await workspaceWith('silent', { 'large.bin': LARGE });
  const folder = await newFolder(t);
  Object.assign(network, { bytes: 100_000, ranges: [] });
  const controller = new AbortController();
  const reason = new Error('enough');
  const onBytes = () => setImmediate(() => controller.abort(reason));
  await assert.rejects(
    broken.downloadFiles(workspace, folder, { signal: controller.signal, onBytes }),
    reason,
  );
  const [left = ''] = (await written(folder)).filter((name) => !name.endsWith('.etag'));
  const there = (await stat(join(folder, left))).size;
  assert.ok(there > 0 && there < LARGE.length);

  Object.assign(network, { bytes: 200_000, ranges: [] });
  const download = await broken.downloadFiles(workspace, folder);
  assert.deepEqual(told(download), ['large.bin saved']);
  assert.equal(network.ranges[0], `bytes=${there}-`);
  assert.deepEqual(new Uint8Array(await readFile(join(folder, 'large.bin'))), LARGE);
  assert.deepEqual(await written(folder), ['large.bin', 'large.bin.meta.json']);
});

test('what had come of another version is not mixed with the new one', async (t) => {
  const workspace = await workspaceWith('replaced', { 'large.bin': LARGE });
  const folder = await newFolder(t);
  Object.assign(network, { bytes: 100_000, ranges: [] });
  const controller = new AbortController();
  const onBytes = () => setImmediate(() => controller.abort());
  await assert.rejects(broken.downloadFiles(workspace, folder, { signal: controller.signal, onBytes }));
  const other = LARGE.map((byte) => 255 - byte);
  await client.uploadFiles(workspace, [{ name: 'large.bin', body: other }], { writeMode: 'OVERWRITE' });
  network.bytes = Number.POSITIVE_INFINITY;
  await broken.downloadFiles(workspace, folder);
  assert.deepEqual(new Uint8Array(await readFile(join(folder, 'large.bin'))), other);
});

test('one file that is gone meanwhile fails alone, with why', async (t) => {
  const workspace = await workspaceWith('one gone', { 'a.txt': 'a', 'b.txt': 'b' });
  const folder = await newFolder(t);
  const files = await Array.fromAsync(client.files.listAll(workspace));
  await client.deleteFiles(workspace, { names: ['a.txt'] });
  const download = await client.downloadFiles(workspace, folder, { files });
  assert.deepEqual(told(download), ['a.txt failed', 'b.txt saved']);
  assert.match(
    download.results.find(({ status }) => status === 'failed')?.message ?? '',
    /not there any more/,
  );
  assert.deepEqual(await written(folder), ['b.txt', 'b.txt.meta.json']);
});

test('CLI.1: one file that nothing comes of fails alone, with why', async (t) => {
  const workspace = await workspaceWith('one silent', { 'large.bin': LARGE, 'small.txt': 'small' });
  const folder = await newFolder(t);
  Object.assign(network, { bytes: 5, ranges: [] });
  const download = await broken.downloadFiles(workspace, folder, { onBytes: () => {} });
  assert.deepEqual(told(download), ['large.bin failed', 'small.txt saved']);
  assert.match(
    download.results.find(({ status }) => status === 'failed')?.message ?? '',
    /Nothing came for 0.2 s/,
  );
});

test('a link is not followed: neither a folder of a name, nor that of what is under way', async (t) => {
  const workspace = await workspaceWith('links', { 'sub/a.txt': 'a' });
  const folder = await newFolder(t);
  const elsewhere = await newFolder(t);
  await symlink(elsewhere, join(folder, 'sub'));
  await client.downloadFiles(workspace, folder, { includeMetadata: false });
  assert.deepEqual(await written(folder), ['sub_1/a.txt']);
  await symlink(elsewhere, join(folder, '.sluice-partial'));
  await assert.rejects(client.downloadFiles(workspace, folder), /in the way/);
  assert.deepEqual(await written(elsewhere), []);
});

test('a folder that cannot be made is an error, and not a wait', {
  skip: process.platform !== 'linux',
}, async () => {
  await assert.rejects(client.downloadFiles('default', '/proc/sluice/below'), { code: 'ENOENT' });
});

test('folders are made as deep as they are', async (t) => {
  const folder = join(await newFolder(t), 'a', 'b', 'c');
  await mkdir(join(folder, '..', '..'), { recursive: true });
  assert.equal((await client.downloadFiles('default', folder)).saved, 0);
  assert.deepEqual(await readdir(folder), []);
});

test('a key that is refused ends it', async (t) => {
  const stranger = createClient({ ...server, apiKey: 'api_nobody' });
  await assert.rejects(stranger.downloadFiles('default', await newFolder(t)), { code: 'NOT_AUTHENTICATED' });
});

test('a file that has no place to be fetched to ends the download, and keeps no twin waiting', {
  timeout: 20_000,
}, async (t) => {
  const workspace = await workspaceWith('no place', {});
  for (const body of ['1', '2']) await client.uploadFiles(workspace, [{ name: 'a.txt', body }]);
  const { data } = await client.files.list(workspace, { field: 'created_at', order: 'ASC' });
  const folder = await newFolder(t);
  await mkdir(join(folder, '.sluice-partial', data[0]?.file_id ?? ''), { recursive: true });
  const download = client.downloadFiles(workspace, folder, { files: data, existing: 'skip' });
  await assert.rejects(download, { code: 'EISDIR' });
});

/** Writes into what is under way, with something in its place that leads to a file elsewhere. */
const PLANTED: [title: string, plant: (elsewhere: string, place: string) => Promise<void>][] = [
  ['a link', (elsewhere, place) => symlink(elsewhere, place)],
  ['a link to nothing', (elsewhere, place) => symlink(`${elsewhere}-missing`, place)],
  ['another name of a file', (elsewhere, place) => link(elsewhere, place)],
];

for (const [title, plant] of PLANTED) {
  for (const end of ['', '.etag']) {
    test(`${title} in the place of what is under way${end} is not written through, and not in the way`, async (t) => {
      const workspace = await workspaceWith(`planted ${title}${end}`, { 'large.bin': LARGE });
      const [folder, elsewhere] = [await newFolder(t), await newFolder(t)];
      await writeFile(join(elsewhere, 'precious'), 'mine');
      const { data } = await client.files.list(workspace);
      await mkdir(join(folder, '.sluice-partial'));
      const place = join(folder, '.sluice-partial', `${data[0]?.file_id}${end}`);
      await plant(join(elsewhere, 'precious'), place);
      if (end === '') await writeFile(`${place}.etag`, '"of an earlier run"');
      assert.deepEqual(told(await client.downloadFiles(workspace, folder)), ['large.bin saved']);
      assert.deepEqual(new Uint8Array(await readFile(join(folder, 'large.bin'))), LARGE);
      assert.deepEqual(await readdir(elsewhere), ['precious']);
      assert.equal(await readFile(join(elsewhere, 'precious'), 'utf8'), 'mine');
      assert.deepEqual(await written(folder), ['large.bin', 'large.bin.meta.json']);
    });
  }
}

test('links in the place of files and sidecars are neither followed nor replaced', async (t) => {
  const workspace = await workspaceWith('taken by links', { 'a.txt': 'a', 'b.txt': 'b' });
  const [folder, elsewhere] = [await newFolder(t), await newFolder(t)];
  await symlink(join(elsewhere, 'missing'), join(folder, 'a.txt'));
  await symlink(join(elsewhere, 'missing'), join(folder, 'b.txt.meta.json'));
  for (const existing of ['number', 'skip'] as const) {
    await client.downloadFiles(workspace, folder, { existing });
    assert.deepEqual(await readdir(elsewhere), []);
  }
  const names = ['a_1.txt', 'a_1.txt.meta.json', 'b_1.txt', 'b_1.txt.meta.json'];
  assert.deepEqual(await written(folder), names);
});

test('a folder that becomes a link while a file is fetched is not followed', async (t) => {
  const workspace = await workspaceWith('turned', { 'sub/large.bin': LARGE });
  const [folder, elsewhere] = [await newFolder(t), await newFolder(t)];
  let turned = false;
  const onBytes = () => {
    if (turned) return;
    turned = true;
    rmdirSync(join(folder, 'sub'));
    symlinkSync(elsewhere, join(folder, 'sub'));
  };
  await client.downloadFiles(workspace, folder, { onBytes });
  assert.deepEqual(await readdir(elsewhere), []);
  assert.deepEqual(await written(folder), ['sub_1/large.bin', 'sub_1/large.bin.meta.json']);
});

test('the folder of what is under way becomes a link meanwhile: the download ends, nothing is elsewhere', async (t) => {
  const workspace = await workspaceWith('moved away', { 'a.txt': 'a', 'b.txt': 'b' });
  const [folder, elsewhere] = [await newFolder(t), await newFolder(t)];
  const partial = join(folder, '.sluice-partial');
  const onResult = () => {
    renameSync(partial, `${partial}-away`);
    symlinkSync(elsewhere, partial);
  };
  const download = client.downloadFiles(workspace, folder, { onResult, concurrency: 1 });
  await assert.rejects(download, /changed by somebody else/);
  assert.deepEqual(
    (await readdir(elsewhere, { withFileTypes: true })).filter(
      (entry) => statSync(join(elsewhere, entry.name)).size > 0,
    ),
    [],
  );
});
