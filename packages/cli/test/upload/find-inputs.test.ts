import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { emptyFolder } from '../../../../testing/terminal/run-sluice.ts';
import { findInputs } from '../../src/upload/find-inputs.ts';

const folder = await emptyFolder();
await mkdir(join(folder, 'below', '.hidden'), { recursive: true });
for (const name of [
  'b.txt',
  'b.txt.meta.json',
  'a.md',
  'a.md.meta.json',
  'c.json',
  '.env',
  'below/d.txt',
  'below/.hidden/e',
]) {
  await writeFile(join(folder, name), '');
}
await symlink(folder, join(folder, 'below', 'round'));
await symlink(join(folder, 'a.md'), join(folder, 'link.md'));

const ALL = ['a.md', 'a.md.meta.json', 'b.txt', 'b.txt.meta.json'];

const FOUND: [
  title: string,
  paths: string[],
  selection: Partial<Parameters<typeof findInputs>[1]>,
  names: string[],
][] = [
  ['a folder', [''], {}, [...ALL, 'below/d.txt', 'below/round', 'c.json', 'link.md']],
  ['only the folder itself', [''], { recursive: false }, [...ALL, 'c.json', 'link.md']],
  ['a type, with its sidecars', [''], { fileTypes: ['.txt'] }, ['b.txt', 'b.txt.meta.json', 'below/d.txt']],
  ['a type without its dot', [''], { fileTypes: ['md'] }, ['a.md', 'a.md.meta.json', 'link.md']],
  ['files that end like sidecars of others', [''], { fileTypes: ['.json'] }, ['c.json']],
  ['files by their own names', ['below/d.txt', '.env'], {}, ['d.txt', '.env']],
  [
    'what is in two paths once',
    ['b.txt', '', 'b.txt'],
    { fileTypes: ['.txt'], recursive: false },
    ['b.txt', 'b.txt.meta.json'],
  ],
  [
    'one name at two places twice',
    ['b.txt', 'below', 'below/d.txt'],
    { fileTypes: ['.txt'] },
    ['b.txt', 'd.txt'],
  ],
];

for (const [title, paths, selection, names] of FOUND) {
  test(`finds ${title}`, async () => {
    const inputs = await findInputs(
      paths.map((path) => join(folder, path)),
      { recursive: true, fileTypes: [], ...selection },
    );
    assert.deepEqual(
      inputs.map(({ name }) => name),
      names,
    );
  });
}

test('says at which paths there is nothing', async () => {
  const paths = ['a.md', 'x', 'y'].map((name) => join(folder, name));
  await assert.rejects(findInputs(paths, { recursive: true, fileTypes: [] }), {
    name: 'UsageError',
    message: `There is nothing to read at ${paths[1]}, ${paths[2]}.`,
  });
});
