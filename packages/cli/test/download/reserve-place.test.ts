import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { reservePlace } from '../../src/download/reserve-place.ts';
import { emptyFolder } from '../run-sluice.ts';

const HOSTILE = ['../out.txt', '/tmp/out.txt', '..\\out.txt', 'a/../../out.txt', 'link/out.txt', 'file link'];

test('NAM.7: whatever a name is, its place lies in the folder and leads over no link', async () => {
  const outside = await emptyFolder();
  const folder = join(outside, 'folder');
  await mkdir(folder);
  await writeFile(join(outside, 'precious'), 'precious');
  await symlink(outside, join(folder, 'link'));
  await symlink(join(outside, 'precious'), join(folder, 'file link'));
  await symlink(join(outside, 'new'), join(folder, 'out.txt'));

  for (const name of HOSTILE) {
    const { path } = await reservePlace(folder, name, true);
    const below = relative(folder, path);
    assert.ok(below !== '' && !below.startsWith('..') && !below.startsWith('link/'), `${name}: ${below}`);
    await writeFile(path, 'hostile');
  }
  assert.deepEqual((await readdir(outside)).sort(), ['folder', 'precious']);
  assert.equal(await readFile(join(outside, 'precious'), 'utf8'), 'precious');
});

test('a place is free with its sidecar, or it is not taken', async () => {
  const folder = await emptyFolder();
  await writeFile(join(folder, 'a.txt.meta.json'), 'mine');
  await writeFile(join(folder, 'a_1.txt'), 'mine');
  assert.deepEqual(await reservePlace(folder, 'a.txt', true), {
    path: join(folder, 'a_2.txt'),
    sidecarPath: join(folder, 'a_2.txt.meta.json'),
  });
  assert.deepEqual(await reservePlace(folder, 'a.txt', false), {
    path: join(folder, 'a.txt'),
    sidecarPath: null,
  });
  assert.equal(await readFile(join(folder, 'a.txt.meta.json'), 'utf8'), 'mine');
});

test('a file where a folder is wanted, and the other way round', async () => {
  const folder = await emptyFolder();
  const paths: string[] = [];
  for (const name of ['a', 'a/b', 'a/c', 'd/e', 'd']) {
    paths.push(relative(folder, (await reservePlace(folder, name, false)).path));
  }
  assert.deepEqual(paths, ['a', join('a_1', 'b'), join('a_1', 'c'), join('d', 'e'), 'd_1']);
});
