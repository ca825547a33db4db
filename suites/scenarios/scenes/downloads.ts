import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DownloadWishes } from '../actor.ts';
import type { Scenarios, Stage } from '../stage.ts';
import type { Workspace } from '../workspace.ts';

const nameOf = (number: number): string => `file ${number}.txt`;
const SEVEN = [0, 1, 2, 3, 4, 5, 6];

const stock = async (workspace: Workspace): Promise<void> => {
  for (const number of SEVEN) {
    const meta = { number, parity: number % 2 ? 'odd' : 'even' };
    await workspace.add(nameOf(number), `content ${number}`, meta);
  }
};

/** Names on disk after a download, folders within included. */
const saved = async ({ actor, workspace, folder }: Stage, wishes: DownloadWishes): Promise<string[]> => {
  const into = join(folder, String((await readdir(folder)).length));
  const rows = await actor.download(workspace.name, into, wishes);
  assert.ok(rows.every(({ status }) => status === 'saved'));
  return (await readdir(into)).sort();
};

export const downloads: Scenarios = {
  'a download of everything with metadata, into a folder that is not there yet': async ({
    actor,
    workspace,
    folder,
  }) => {
    await stock(workspace);
    const into = join(folder, 'new', 'folder');
    const rows = await actor.download(workspace.name, into);
    assert.deepEqual(rows.map(({ name }) => name).sort(), SEVEN.map(nameOf));
    for (const number of SEVEN) {
      const path = join(into, nameOf(number));
      assert.equal(rows.find((row) => row.name === nameOf(number))?.path, path);
      assert.equal(await readFile(path, 'utf8'), `content ${number}`);
      assert.equal(JSON.parse(await readFile(`${path}.meta.json`, 'utf8')).number, number);
    }
    assert.equal((await readdir(into)).length, 14);
  },

  'a download without metadata, in batches of any size': async (stage) => {
    await stock(stage.workspace);
    for (const batchSize of [1, 3, 7])
      assert.deepEqual(await saved(stage, { includeMetadata: false, batchSize }), SEVEN.map(nameOf));
  },

  'a download of some files, by name and filter': async (stage) => {
    await stock(stage.workspace);
    const some = (wishes: DownloadWishes) => saved(stage, { includeMetadata: false, ...wishes });
    assert.deepEqual(await some({ name: 'file 3' }), [nameOf(3)]);
    assert.deepEqual(await some({ filter: "parity eq 'odd'" }), [1, 3, 5].map(nameOf));
    assert.deepEqual(await some({ name: 'file 5', filter: "parity eq 'even'" }), []);
  },

  'a download in safe mode': async (stage) => {
    await stock(stage.workspace);
    assert.equal((await saved(stage, { safeMode: true })).length, 14);
  },

  'names that clash are numbered, each with its own metadata': async ({ actor, workspace, folder }) => {
    for (const number of [0, 1, 2]) await workspace.add('twin.txt', `content ${number}`, { number });
    await actor.download(workspace.name, folder);
    for (const [number, name] of ['twin.txt', 'twin_1.txt', 'twin_2.txt'].entries()) {
      assert.equal(await readFile(join(folder, name), 'utf8'), `content ${number}`);
      assert.deepEqual(JSON.parse(await readFile(join(folder, `${name}.meta.json`), 'utf8')), { number });
    }
    assert.equal((await readdir(folder)).length, 6);
  },

  'nothing is written over, and what is there can be left out': async ({ actor, workspace, folder }) => {
    await stock(workspace);
    const statuses = async (wishes: DownloadWishes) =>
      (await actor.download(workspace.name, folder, { includeMetadata: false, ...wishes })).map(
        ({ status }) => status,
      );
    assert.deepEqual(await statuses({ name: 'file 1' }), ['saved']);
    assert.deepEqual((await statuses({ existing: 'skip' })).sort(), [...Array(6).fill('saved'), 'skipped']);
    assert.equal((await readdir(folder)).length, 7);
    assert.deepEqual(await statuses({ existing: 'skip' }), Array(7).fill('skipped'));
    assert.deepEqual(await statuses({ name: 'file 1' }), ['saved']);
    assert.equal(await readFile(join(folder, 'file 1_1.txt'), 'utf8'), 'content 1');
  },

  'bytes as they are, in folders where names have them': async ({ actor, workspace, folder }) => {
    const content = Buffer.from(Array.from({ length: 256_000 }, (_, at) => at % 256));
    await workspace.add('page.html', content);
    await workspace.add('below/empty looking.txt', Buffer.from([0]));
    await actor.download(workspace.name, folder, { includeMetadata: false });
    assert.ok((await readFile(join(folder, 'page.html'))).equals(content));
    assert.deepEqual([...(await readFile(join(folder, 'below', 'empty looking.txt')))], [0]);
    assert.deepEqual((await readdir(folder)).sort(), ['below', 'page.html']);
  },
};
