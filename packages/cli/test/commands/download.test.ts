import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';
import { after, test } from 'node:test';
import { createClient } from '@sluice/client/node';
import { startSluice } from '../../../../testing/server/sluice-server.ts';
import {
  emptyFolder,
  jsonLines,
  sluiceFor,
  startSluiceCommand,
} from '../../../../testing/terminal/run-sluice.ts';

const server = await startSluice();
const client = createClient(server);
const sluice = sluiceFor(server);

/** Each with the path it is saved under, in a folder that has `taken.txt`, and a link `link` that leads out of it. */
const SAVED: [name: string, path: string][] = [
  ['taken.txt', 'taken_1.txt'],
  ['twin.txt', 'twin.txt'],
  ['twin.txt', 'twin_1.txt'],
  ['minutes/march.md', 'minutes/march.md'],
  ['link/inside.txt', 'link_1/inside.txt'],
  ['CON', '_CON'],
  ['a:b?.txt', 'a_b_.txt'],
  ['.profile', '_profile'],
  ['Gäste 👷🏽‍♀️.txt', 'Gäste 👷🏽‍♀️.txt'],
];

for (const [index, [name]] of SAVED.entries()) {
  await client.files.upload('default', { name, body: `${index}`, meta: { index } });
}

test('NAM.7: files are saved beside what is there, never over it and never outside of the folder', async () => {
  const [folder, outside] = [await emptyFolder(), await emptyFolder()];
  await writeFile(join(folder, 'taken.txt'), 'mine');
  await symlink(outside, join(folder, 'link'));

  const { code, stdout, stderr } = await sluice(['download', '--file-dir', folder]);
  assert.equal(stderr, '');
  assert.match(stdout, new RegExp(`\n9 files saved into ${folder}\\.\n$`));
  assert.equal(code, 0);
  assert.equal(await readFile(join(folder, 'taken.txt'), 'utf8'), 'mine');
  assert.deepEqual(await readdir(outside), []);
  for (const [index, [, path]] of SAVED.entries()) {
    assert.equal(await readFile(join(folder, path), 'utf8'), `${index}`, path);
    assert.deepEqual(JSON.parse(await readFile(join(folder, `${path}.meta.json`), 'utf8')), { index });
  }
});

test('only some of them, without metadata, into a folder that is made', async () => {
  const folder = join(await emptyFolder(), 'new', 'folder');
  const narrowed = ['--name', 'twin', '--filter', 'index eq 2', '--no-include-meta'];
  const ended = await sluice(['download', '--file-dir', folder, ...narrowed, '--json']);
  const [row, ...more] = jsonLines(ended);
  assert.deepEqual([row.name, row.path, row.message], ['twin.txt', join(folder, 'twin.txt'), null]);
  assert.deepEqual(more, []);
  assert.deepEqual(await readdir(folder), ['twin.txt']);
  assert.equal(ended.code, 0);
});

test('a folder that cannot be is told in a sentence', async () => {
  const file = join(await emptyFolder(), 'file');
  await writeFile(file, '');
  const { code, stdout, stderr } = await sluice(['download', '--file-dir', join(file, 'below')]);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /^sluice: ENOTDIR[^\n]*\n$/);
});

test('a reader of the output that goes away ends it without a complaint', async () => {
  const env = { API_URL: server.baseUrl, API_KEY: server.apiKey };
  const { child, ended } = startSluiceCommand(['files', 'list'], env);
  child.stdout.destroy(); // before it has come to writing anything
  const { code, stderr } = await ended;
  assert.deepEqual([code, stderr], [0, '']);
});

test('a list that nobody reads any more asks for no further pages', async () => {
  const service = http.createServer((_, response) => {
    const row = { file_id: 'x', name: 'x', created_at: '', size: 1, meta: {} };
    response.end(JSON.stringify({ data: Array(100).fill(row), total: 1e9, has_more: true }));
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  after(() => service.close());
  const { port } = service.address() as AddressInfo;
  const env = { API_URL: `http://127.0.0.1:${port}`, API_KEY: 'api_x' };
  const { child, ended } = startSluiceCommand(['files', 'list'], env);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const { code, stderr } = await ended;
  assert.deepEqual([code, stderr], [0, '']);
});

test('a download goes on when nobody reads what it prints', async () => {
  const folder = await emptyFolder();
  const env = { API_URL: server.baseUrl, API_KEY: server.apiKey };
  const { child, ended } = startSluiceCommand(['download', '--file-dir', folder, '--no-include-meta'], env);
  child.stdout.destroy();
  assert.equal((await ended).code, 0);
  assert.equal(
    (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) => one.isFile()).length,
    SAVED.length,
  );
});

/** A service that is not ours: its names lead everywhere, and some of its contents end, or stop, half way. */
const startForeignService = async (contents: Record<string, 'whole' | 'half' | 'stalled'>) => {
  const names = Object.keys(contents);
  const service = http.createServer((request, response) => {
    const index = Number(/\/files\/(\d)$/.exec(request.url ?? '')?.[1] ?? -1);
    if (index < 0) {
      const data = names.map((name, at) => ({ file_id: `${at}`, name, created_at: '', size: 8, meta: {} }));
      return response.end(JSON.stringify({ data, total: data.length, has_more: false }));
    }
    const fate = contents[names[index] ?? ''];
    if (fate === 'whole') return response.end('12345678');
    response.writeHead(200, { 'content-length': 8 }).write('1234', () => {
      if (fate === 'half') response.destroy();
      else service.emit('stalled');
    });
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  after(() => {
    service.closeAllConnections();
    service.close();
  });
  const { port } = service.address() as AddressInfo;
  return { service, env: { API_URL: `http://127.0.0.1:${port}`, API_KEY: 'api_foreign' } };
};

test('NAM.7, LIF.12: names that lead out stay inside, and what breaks off is not among the files', async () => {
  const outside = await emptyFolder();
  const { env } = await startForeignService({
    '../../up.txt': 'whole',
    'cut.txt': 'half',
    '/etc/x': 'whole',
  });
  const args = ['download', '--file-dir', join(outside, 'a', 'b'), '--no-show-progress'];
  const { code, stdout, stderr } = await startSluiceCommand(args, env).ended;
  assert.match(stdout, /^failed {3}cut\.txt {2}The connection broke off\.$/m);
  assert.match(stdout, /\n2 files saved into .*, 1 file could not be\.\n$/);
  assert.deepEqual([code, stderr], [1, '']);
  const there = await readdir(outside, { recursive: true, withFileTypes: true });
  const found = there.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  assert.deepEqual(
    found
      .map((path) => relative(outside, path))
      .filter((path) => !path.includes('.sluice-partial')) // what has come of it, for another try
      .sort(),
    ['__/__/up.txt', '__/__/up.txt.meta.json', 'etc/x', 'etc/x.meta.json'].map((path) =>
      join('a', 'b', path),
    ),
  );
});

test('CLI.2: interrupted, it leaves what is whole, and ends with 130', async () => {
  const folder = await emptyFolder();
  const { service, env } = await startForeignService({ 'stalled.txt': 'stalled' });
  const { child, ended } = startSluiceCommand(['download', '--file-dir', folder], env);
  await once(service, 'stalled');
  child.kill('SIGINT');
  const { code, stdout, stderr } = await ended;
  assert.equal(stderr, `sluice: Interrupted. 0 files had been saved into ${folder}, each of them whole.\n`);
  assert.deepEqual([code, stdout, await readdir(folder)], [130, '', ['.sluice-partial']]);
});

test('a download that is run again goes on: what is there stays, what is not comes', async () => {
  const folder = await emptyFolder();
  await sluice(['download', '--file-dir', folder, '--name', 'twin']);
  const again = await sluice(['download', '--file-dir', folder, '--existing', 'skip', '--json']);
  const statuses = jsonLines(again).map(({ name, status }) => `${name} ${status}`);
  assert.equal(statuses.filter((one) => one === 'twin.txt skipped').length, 2);
  assert.equal(statuses.filter((one) => one.endsWith(' saved')).length, SAVED.length - 2);
  assert.equal((await readdir(folder)).filter((name) => name.startsWith('twin')).length, 4);
  assert.equal(again.code, 0);
});
