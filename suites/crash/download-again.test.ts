import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { type TestContext, test } from 'node:test';
import { createClient } from '../../packages/client/src/node/index.ts';
import { startSluice } from '../../testing/server/sluice-server.ts';

const client = createClient(await startSluice());

const newFolder = async (t: TestContext) => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-client-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
};

/** Of one size, so that only their order tells them apart. */
const workspaceWith = async (name: string, files: readonly (readonly [name: string, body: string])[]) => {
  await client.workspaces.create(name);
  for (const [file, body] of files) {
    await client.uploadFiles(name, [{ name: file, body, meta: { body } }]);
  }
  return name;
};

const contents = async (folder: string) => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  const pairs = paths.map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'utf8')]);
  return Object.fromEntries((await Promise.all(pairs)).sort());
};

const skip = { existing: 'skip' } as const;

const MIXED = [
  ['d/report.pdf', 'one'],
  ['d/report.pdf', 'two'],
  ['d/report_1.pdf', 'tre'],
  ['d/report.pdf', 'fou'],
  ['a:b', 'fiv'],
  ['a?b', 'six'],
  ['CON', 'sev'],
  ['.env', 'eig'],
] as const;

for (const includeMetadata of [true, false]) {
  test(`whichever file goes, the next run brings that one back to its place${includeMetadata ? ', or its sidecar' : ''}`, async (t) => {
    const workspace = await workspaceWith(`any ${includeMetadata}`, MIXED);
    const folder = await newFolder(t);
    await client.downloadFiles(workspace, folder, { includeMetadata });
    const whole = await contents(folder);
    assert.equal(Object.keys(whole).length, MIXED.length * (includeMetadata ? 2 : 1));
    for (const path of Object.keys(whole)) {
      await rm(join(folder, path));
      const { saved, skipped } = await client.downloadFiles(workspace, folder, { ...skip, includeMetadata });
      const missing = path.endsWith('.meta.json') ? 0 : 1;
      assert.deepEqual([saved, skipped], [missing, MIXED.length - missing], path);
      assert.deepEqual(await contents(folder), whole, path);
    }
  });
}

test('removed with its sidecar, and what was never there', async (t) => {
  const workspace = await workspaceWith('with sidecars', MIXED);
  const folder = await newFolder(t);
  await client.downloadFiles(workspace, folder, skip);
  const whole = await contents(folder);
  for (const name of ['d/report.pdf', 'd/report_2.pdf']) {
    await rm(join(folder, name));
    await rm(join(folder, `${name}.meta.json`));
  }
  assert.equal((await client.downloadFiles(workspace, folder, skip)).saved, 2);
  assert.deepEqual(await contents(folder), whole);
  assert.equal((await client.downloadFiles(workspace, folder, skip)).saved, 0);
});

test('a sidecar without its file stays as it is, and the file comes to it', async (t) => {
  const workspace = await workspaceWith('changed', [['a.txt', 'one']]);
  const folder = await newFolder(t);
  await writeFile(join(folder, 'a.txt.meta.json'), '{"mine":true}');
  const { results } = await client.downloadFiles(workspace, folder, skip);
  assert.match(results[0]?.message ?? '', /^A sidecar was there without its file/);
  assert.deepEqual(await contents(folder), { 'a.txt': 'one', 'a.txt.meta.json': '{"mine":true}' });
  assert.equal((await client.downloadFiles(workspace, folder, skip)).saved, 0);
  // Without skip, its place is taken.
  await rm(join(folder, 'a.txt'));
  const numbered = await client.downloadFiles(workspace, folder);
  assert.equal(numbered.results[0]?.path, join(folder, 'a_1.txt'));
});

test("somebody's own file of another size keeps its place, run after run", async (t) => {
  const workspace = await workspaceWith('own file', [
    ['a.txt', 'one'],
    ['a.txt', 'two'],
  ]);
  const folder = await newFolder(t);
  await writeFile(join(folder, 'a.txt'), 'mine, and longer');
  for (const saved of [2, 0, 0]) {
    assert.equal((await client.downloadFiles(workspace, folder, skip)).saved, saved);
  }
  await rm(join(folder, 'a_1.txt'));
  assert.equal((await client.downloadFiles(workspace, folder, skip)).saved, 1);
  const { 'a_1.txt': first, 'a_2.txt': second, 'a.txt': own } = await contents(folder);
  assert.deepEqual([own, first, second], ['mine, and longer', 'one', 'two']);
});

test('where names that differ in case are one, as links make them here, each still has its own', async (t) => {
  const workspace = await workspaceWith('case', [
    ['A.txt', 'one'],
    ['a.txt', 'two'],
  ]);
  const folder = await newFolder(t);
  await writeFile(join(folder, 'A.txt'), 'one');
  await link(join(folder, 'A.txt'), join(folder, 'a.txt'));
  for (const saved of [1, 0, 0]) {
    assert.equal((await client.downloadFiles(workspace, folder, skip)).saved, saved);
  }
  assert.equal((await contents(folder))['a_1.txt'], 'two');
});

test('of runs into one folder at once one goes on alone, and none is kept out by one that was killed', async (t) => {
  const names = Array.from({ length: 12 }, (_, at) => [`d/${at % 5}.txt`, `body ${at}`] as const);
  const workspace = await workspaceWith('at once', names);
  const folder = await newFolder(t);
  const others: Promise<unknown>[] = [];
  const onResult = () => {
    if (others.length > 0) return;
    others.push(...[skip, {}].map((options) => client.downloadFiles(workspace, folder, options)));
    for (const other of others) other.catch(() => {});
  };
  const { saved } = await client.downloadFiles(workspace, folder, {
    ...{ onResult, concurrency: 1 },
    files: (async function* () {
      for await (const file of client.files.listAll(workspace)) {
        yield file;
        for (const other of others)
          await assert.rejects(other, /^Error: Process \d+ is saving into this folder/);
      }
    })(),
  });
  assert.deepEqual([saved, others.length], [12, 2]);
  const whole = await contents(folder);
  assert.equal(Object.keys(whole).length, 24);

  // Of a process that is no more, and of this one before it had its number.
  const gone = spawnSync(process.execPath, ['--version']).pid;
  await mkdir(join(folder, '.sluice-partial'));
  for (const pid of [gone, process.pid]) {
    await writeFile(join(folder, '.sluice-partial', `.run-${pid}-0123456789abcdef@${hostname()}`), '');
  }
  // And what it had not taken away when it was killed: another name of a file that has its own.
  const { data } = await client.files.list(workspace, { name: '0.txt', limit: 1 });
  const left = join(folder, '.sluice-partial', data[0]?.file_id ?? '');
  await link(join(folder, 'd', '0.txt'), left);
  await writeFile(`${left}.etag`, '"of it"');
  assert.equal((await client.downloadFiles(workspace, folder, skip)).skipped, 12);
  assert.deepEqual(await contents(folder), whole);
});
