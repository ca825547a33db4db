import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Document, documents, numbered, write } from '../documents.ts';
import type { Scenarios, Stage } from '../stage.ts';
import { assertFinished, assertHolds, assertOfOneUpload, each, outcomes, sessionOf } from './expectations.ts';

const namesOf = (files: readonly Document[]) => files.map(({ name }) => name);

/** Uploads them from one folder, which is then what the workspace holds. */
const sendAndLook =
  (make: () => Document[]) =>
  async ({ actor, workspace, folder }: Stage): Promise<void> => {
    const files = make();
    const upload = await actor.upload(workspace.name, [await write(folder, files)]);
    await assertFinished(workspace, upload, namesOf(files));
    await assertHolds(workspace, files);
  };

const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const TYPES = ['csv', 'docx', 'html', 'json', 'md', 'pdf', 'pptx', 'txt', 'xlsx', 'xml'];
const SIZES = [1, 2, 4095, 4096, 32_767, 32_768, 32_769, 65_536, 1_000_000, 12 * 1024 * 1024 + 1];

export const uploads: Scenarios = {
  'a folder of one file': sendAndLook(() => documents(['only.txt'])),
  'ten files with ten sidecars': sendAndLook(() => documents(numbered(10))),
  'twenty files without sidecars': sendAndLook(() => numbered(20).map((name) => ({ name, content: name }))),
  'twenty-one files, one of them without a sidecar': sendAndLook(() => [
    ...documents(numbered(20)),
    { name: 'bare.txt', content: 'no sidecar' },
  ]),
  'a sidecar with nothing in it is empty metadata': sendAndLook(() => [
    { name: 'nothing.txt', content: 'text', meta: {} },
  ]),
  'many types, and names that differ in case': sendAndLook(() => [
    ...TYPES.map((type) => ({ name: `many.${type}`, content: ALL_BYTES, meta: { type } })),
    ...documents(['File00.txt', 'file00.txt', 'FILE00.TXT']),
  ]),
  'contents of any size': sendAndLook(() =>
    SIZES.map((size) => ({ name: `${size}.bin`, content: randomBytes(size) })),
  ),

  'a folder with its folders, chosen by type': async ({ actor, workspace, folder }) => {
    const files = documents([...numbered(11), ...numbered(11, 'below/deeper/deep')]);
    const notes = { name: 'notes.md', content: '# Notes' };
    await write(folder, [...files, notes, { name: 'below/picture.jpg', content: ALL_BYTES, meta: {} }]);
    const upload = await actor.upload(workspace.name, [folder], { fileTypes: ['.txt', '.md'] });
    await assertFinished(workspace, upload, [...namesOf(files), notes.name]);
    await assertHolds(workspace, [...files, notes]);
  },

  'a folder without the folders below it': async ({ actor, workspace, folder }) => {
    await write(folder, documents(['top.txt', 'below/deep.txt']));
    await assertFinished(workspace, await actor.upload(workspace.name, [folder], { recursive: false }), [
      'top.txt',
    ]);
    await assertHolds(workspace, documents(['top.txt']));
  },

  'single files and folders at once': async ({ actor, workspace, folder }) => {
    await write(folder, documents(['a/one.txt', 'b/two.txt', 'b/below/three.txt']));
    const paths = ['a/one.txt', 'a/one.txt.meta.json', 'b'].map((path) => join(folder, path));
    const upload = await actor.upload(workspace.name, paths);
    await assertFinished(workspace, upload, ['one.txt', 'two.txt', 'below/three.txt']);
    const found = await workspace.filesByName();
    assert.deepEqual(found.get('one.txt')?.meta, { of: 'a/one.txt', version: 1 });
    assert.deepEqual(found.get('below/three.txt')?.meta, { of: 'b/below/three.txt', version: 1 });
  },

  'an upload that is not waited for, its end followed later': async ({ actor, workspace, folder }) => {
    const files = documents(numbered(21));
    const upload = await actor.upload(workspace.name, [await write(folder, files)], { wait: false });
    assert.deepEqual(Object.keys(outcomes(upload)).sort(), namesOf(files).sort());
    assert.ok(upload.results.every(({ status }) => status === 'pending' || status === 'finished'));
    assert.equal((await workspace.session(sessionOf(upload))).status, 'CLOSED');
    const ended = await actor.watchSession(workspace.name, sessionOf(upload));
    assert.deepEqual(ended.ingestion_status, { finished_files: 21, failed_files: 0 });
    await assertHolds(workspace, files);
  },

  'an upload in safe mode': async ({ actor, workspace, folder }) => {
    const files = documents(numbered(11));
    const upload = await actor.upload(workspace.name, [await write(folder, files)], { safeMode: true });
    await assertFinished(workspace, upload, namesOf(files));
    await assertHolds(workspace, files);
  },

  'an upload with parallel processing': async ({ actor, workspace, folder }) => {
    const files = documents(numbered(21));
    const wishes = { parallelProcessing: true };
    const upload = await actor.upload(workspace.name, [await write(folder, files)], wishes);
    await assertFinished(workspace, upload, namesOf(files));
    assert.equal((await workspace.session(sessionOf(upload))).parallel_processing_enabled, true);
    await assertHolds(workspace, files);
  },

  'the same folder twice': async ({ actor, workspace, folder }) => {
    const files = documents(numbered(10));
    await write(folder, files);
    for (const _ of [1, 2]) {
      await assertFinished(workspace, await actor.upload(workspace.name, [folder]), namesOf(files));
    }
    const listed = await actor.listFiles(workspace.name, { batchSize: 30 });
    assert.deepEqual(listed.map(({ name }) => name).sort(), [...namesOf(files), ...namesOf(files)].sort());
    for (const { name, meta } of listed) assert.deepEqual(meta, { of: name, version: 1 });
  },

  'several uploads at once, each in its write mode': async ({ actor, workspace, folder }) => {
    const names = numbered(21);
    const modes = ['KEEP', 'OVERWRITE', 'OVERWRITE', 'FAIL'] as const;
    const sent = await Promise.all(
      modes.map(async (writeMode, version) => {
        const from = await write(join(folder, String(version)), documents(names, version));
        return actor.upload(workspace.name, [from], { writeMode });
      }),
    );
    for (const [index, upload] of sent.entries()) {
      if (modes[index] !== 'FAIL') assert.deepEqual(outcomes(upload), each(names, 'finished'));
      const { ingestion_status } = await workspace.session(sessionOf(upload));
      assert.equal(ingestion_status.finished_files + ingestion_status.failed_files, 21);
      const failed = upload.results.filter(({ status }) => status === 'failed');
      assert.equal(failed.length, ingestion_status.failed_files);
    }
    const rows = await workspace.files();
    assert.deepEqual(new Set(rows.map(({ name }) => name)), new Set(names));
    for (const row of rows) await assertOfOneUpload(workspace, row);
  },
};
