import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { nodePlatform } from '../../src/node/node-platform.ts';
import { scanDirectory } from '../../src/node/scan-directory.ts';
import { createUploadDirectory } from '../../src/node/upload-directory.ts';
import type { UploadInput } from '../../src/upload/planning/input.ts';
import { planUpload } from '../../src/upload/planning/plan-upload.ts';
import { inputsOf } from '../../src/upload/planning/sources.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-client-'));
  for (const path of [
    'b.txt',
    'a.txt',
    'a.txt.meta.json',
    'x/a.txt',
    'x/y/deep.md',
    '.hidden',
    '.git/HEAD',
    'x/.DS_Store',
  ]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), path);
  }
});
after(() => rm(folder, { recursive: true }));

const everything = () => true;

test('files come in order of name, with forward slashes', async () => {
  const found = await scanDirectory(folder, { recursive: true, include: everything });
  assert.deepEqual(
    found.map(({ relativePath }) => relativePath),
    ['.git/HEAD', '.hidden', 'a.txt', 'a.txt.meta.json', 'b.txt', 'x/.DS_Store', 'x/a.txt', 'x/y/deep.md'],
  );
  assert.ok(found.every(({ path }) => path.startsWith(folder)));
});

test('links to folders are not walked into', { skip: process.platform === 'win32' }, async () => {
  const loop = join(folder, 'x', 'loop');
  await symlink(folder, loop);
  const found = await scanDirectory(folder, { recursive: true, include: (path) => path.startsWith('x') });
  await rm(loop);
  assert.deepEqual(
    found.map(({ relativePath }) => relativePath),
    ['x/.DS_Store', 'x/a.txt', 'x/loop', 'x/y/deep.md'],
  );
});

const NAMES: [options: object, names: string[]][] = [
  [{}, ['a.txt', 'a.txt.meta.json', 'b.txt', 'x/a.txt', 'x/y/deep.md']],
  [{ recursive: false }, ['a.txt', 'a.txt.meta.json', 'b.txt']],
  [{ fileTypes: ['.md'] }, ['x/y/deep.md']],
  [{ fileTypes: ['txt'], names: 'base' }, ['a.txt', 'a.txt.meta.json', 'b.txt', 'a.txt']],
  [{ names: 'base' }, ['a.txt', 'a.txt.meta.json', 'b.txt', 'a.txt', 'deep.md']],
  [{ include: (path: string) => path.startsWith('x') }, ['x/.DS_Store', 'x/a.txt', 'x/y/deep.md']],
];

for (const [options, names] of NAMES) {
  test(`uploadDirectory with ${JSON.stringify(options)} takes ${names.length} files`, async () => {
    const given: UploadInput[] = [];
    const uploadDirectory = createUploadDirectory(async (workspace, sources, rest) => {
      assert.equal(workspace, 'ws');
      assert.deepEqual(rest, { concurrency: 2 });
      given.push(...(await inputsOf(sources)));
      return { sessionId: null, sessionIds: [], settled: true, results: [], orphanSidecars: [] };
    });
    await uploadDirectory('ws', folder, { ...options, concurrency: 2 });
    assert.deepEqual(
      given.map(({ name }) => name),
      names,
    );
  });
}

test('a folder that cannot be read is a problem of its own, and the others are found', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'sluice-client-'));
  t.after(() => rm(root, { recursive: true }));
  for (const path of ['a/1.txt', 'b/2.txt', 'c/3.txt']) {
    await mkdir(dirname(join(root, path)));
    await writeFile(join(root, path), path);
  }
  const include = (path: string) => {
    if (path === 'b') rmSync(join(root, path), { recursive: true }); // seen, and gone when it is its turn
    return true;
  };
  const found = await scanDirectory(root, { include });
  assert.deepEqual(
    found.map(({ relativePath }) => relativePath),
    ['a/1.txt', 'b', 'c/3.txt'],
  );
  const inputs = found.map(({ relativePath, path }) => ({ name: relativePath, body: { path } }));
  const { files, problems } = await planUpload(
    inputs,
    nodePlatform(() => ({})),
  );
  assert.equal(files.length, 2);
  assert.deepEqual(problems, [{ input: 1, name: 'b', code: 'UNREADABLE', message: 'It does not exist.' }]);
});

test('abort ends a scan, that of uploadDirectory as well', async () => {
  const reason = new Error('enough');
  const controller = new AbortController();
  const seen: string[] = [];
  const include = (path: string) => {
    seen.push(path);
    controller.abort(reason);
    return true;
  };
  const uploadDirectory = createUploadDirectory(async () => assert.fail('it goes no further'));
  await assert.rejects(uploadDirectory('ws', folder, { include, signal: controller.signal }), reason);
  assert.equal(seen.length, 1);
  await assert.rejects(scanDirectory(folder, { signal: controller.signal }), reason);
});

test('a folder that is not there is an error', async () => {
  await assert.rejects(scanDirectory(join(folder, 'missing'), { recursive: true, include: everything }), {
    code: 'ENOENT',
  });
});
