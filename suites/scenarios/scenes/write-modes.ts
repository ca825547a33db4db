import assert from 'node:assert/strict';
import type { Uploaded } from '../actor.ts';
import { contentOf, documents, numbered, write } from '../documents.ts';
import type { Scenarios, Stage } from '../stage.ts';
import type { Workspace } from '../workspace.ts';
import { assertExplained, assertFinished, each, outcomes, sessionOf } from './expectations.ts';

const TAKEN = numbered(12, 'taken');
const NEW = numbered(12, 'new');
const BARE = 'taken-bare.txt'; // has metadata before, and no sidecar in the upload

/** What is there before, each with content and metadata of version 0. Resolves to ids by name. */
const fill = async (workspace: Workspace): Promise<Map<string, string>> => {
  const ids = new Map<string, string>();
  for (const name of [...TAKEN, BARE])
    ids.set(name, await workspace.add(name, contentOf(name, 0), { of: name, version: 0 }));
  return ids;
};

/** Uploads version 1 of all that is there, and what is new. */
const send = async (
  { actor, workspace, folder }: Stage,
  writeMode: 'KEEP' | 'OVERWRITE' | 'FAIL' | 'TEMPORARY',
): Promise<Uploaded> => {
  const bare = { name: BARE, content: contentOf(BARE, 1) };
  await write(folder, [...documents([...TAKEN, ...NEW]), bare]);
  const upload = await actor.upload(workspace.name, [folder], { writeMode });
  assert.equal((await workspace.session(sessionOf(upload))).write_mode, writeMode);
  return upload;
};

const assertIsVersion = async (
  workspace: Workspace,
  row: { file_id: string; name: string; meta: object },
  version: number,
): Promise<void> => {
  assert.equal((await workspace.content(row.file_id)).toString(), contentOf(row.name, version));
  const bare = row.name === BARE && version === 1;
  assert.deepEqual(row.meta, bare ? {} : { of: row.name, version });
};

export const writeModes: Scenarios = {
  'KEEP: both stay': async (stage) => {
    const { workspace } = stage;
    const before = await fill(workspace);
    await assertFinished(workspace, await send(stage, 'KEEP'), [...TAKEN, ...NEW, BARE]);
    const rows = await workspace.files();
    const expected = [...before.keys(), ...before.keys(), ...NEW].sort();
    assert.deepEqual(rows.map(({ name }) => name).sort(), expected);
    const old = new Set(before.values());
    for (const row of rows) await assertIsVersion(workspace, row, old.has(row.file_id) ? 0 : 1);
  },

  'OVERWRITE: the newest keeps its id, older twins go': async (stage) => {
    const { workspace } = stage;
    const before = await fill(workspace);
    const twins = new Map<string, string>();
    for (const name of TAKEN.slice(0, 3))
      twins.set(name, await workspace.add(name, 'a twin', { twin: true }));
    const upload = await send(stage, 'OVERWRITE');
    await assertFinished(workspace, upload, [...TAKEN, ...NEW, BARE]);
    const byName = await workspace.filesByName();
    assert.deepEqual([...byName.keys()].sort(), [...TAKEN, ...NEW, BARE].sort());
    for (const row of byName.values()) await assertIsVersion(workspace, row, 1);
    for (const [name, id] of new Map([...before, ...twins])) assert.equal(byName.get(name)?.file_id, id);
    for (const { name, fileId } of upload.results) assert.equal(fileId, byName.get(name)?.file_id);
    for (const name of twins.keys()) assert.equal(await workspace.statusOf(before.get(name) as string), 404);
  },

  'FAIL: a name that is taken fails, the others do not': async (stage) => {
    const { workspace } = stage;
    const before = await fill(workspace);
    const upload = await send(stage, 'FAIL');
    assert.deepEqual(outcomes(upload), {
      ...each([...TAKEN, BARE], 'failed FILE_ALREADY_EXISTS'),
      ...each(NEW, 'finished'),
    });
    assertExplained(upload.results);
    const { ingestion_status } = await workspace.session(sessionOf(upload));
    assert.deepEqual(ingestion_status, { finished_files: 12, failed_files: 13 });
    const byName = await workspace.filesByName();
    assert.deepEqual([...byName.keys()].sort(), [...TAKEN, ...NEW, BARE].sort());
    for (const [name, row] of byName) await assertIsVersion(workspace, row, before.has(name) ? 0 : 1);
    for (const [name, id] of before) assert.equal(byName.get(name)?.file_id, id);
  },

  'TEMPORARY: readable by id, and in no list': async (stage) => {
    const { actor, workspace, folder } = stage;
    const before = await fill(workspace);
    const upload = await send(stage, 'TEMPORARY');
    await assertFinished(workspace, upload, [...TAKEN, ...NEW, BARE]);
    const listed = (await actor.listFiles(workspace.name)).map(({ file_id }) => file_id);
    assert.deepEqual(new Set(listed), new Set(before.values()));
    for (const { name, fileId } of upload.results)
      assert.equal((await workspace.content(fileId as string)).toString(), contentOf(name, 1));
    assert.equal((await actor.download(workspace.name, `${folder}-back`)).length, before.size);
  },
};
