import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { documents, write } from '../documents.ts';
import type { Scenarios } from '../stage.ts';
import { assertFinished, assertHolds, outcomes } from './expectations.ts';

/** Of the 900 bytes that a name may have, in parts that leave room for the sidecar on a disk. */
const NAMES = ['漢', '😀', '%'].map((character) => {
  const bytes = Buffer.byteLength(character);
  const folder = character.repeat(Math.floor(240 / bytes));
  const name = `${folder}/${folder}/${folder}/`;
  return name + character.repeat(Math.floor((900 - Buffer.byteLength(name)) / bytes));
});

export const longNames: Scenarios = {
  'NAM.2: names of the full length arrive, are found, saved and deleted': async ({
    actor,
    workspace,
    folder,
  }) => {
    const files = documents(NAMES);
    const upload = await actor.upload(workspace.name, [await write(join(folder, 'given'), files)]);
    await assertFinished(workspace, upload, NAMES);
    await assertHolds(workspace, files);
    const saved = await actor.download(workspace.name, join(folder, 'saved'));
    assert.deepEqual(
      saved.map(({ name, status }) => `${status} ${name}`).sort(),
      NAMES.map((name) => `saved ${name}`).sort(),
    );
    for (const { name, path } of saved) {
      const given = files.find((file) => file.name === name);
      assert.equal(await readFile(path ?? '', 'utf8'), given?.content);
    }
    for (const name of NAMES) {
      const [file, ...others] = await actor.listFiles(workspace.name, { name });
      assert.deepEqual([file?.name, others], [name, []]);
      await actor.updateMetadata(workspace.name, file?.file_id ?? '', { seen: name });
      const filter = `seen eq '${name}'`;
      assert.equal((await actor.listFiles(workspace.name, { filter })).length, 1);
    }
    assert.equal(await actor.deleteFiles(workspace.name, NAMES), NAMES.length);
  },

  'a name that is too long fails its file in words, the others finish': async ({
    actor,
    workspace,
    folder,
  }) => {
    const long = `${'漢'.repeat(75)}/`.repeat(4).slice(0, -1);
    const files = documents(['good.txt', `${long}x`]).map(({ meta, ...file }) => file);
    const upload = await actor.upload(workspace.name, [await write(folder, files)]);
    assert.deepEqual(outcomes(upload), { 'good.txt': 'finished', [`${long}x`]: 'failed UPLOAD_FAILED' });
    const { message } = upload.results.find(({ status }) => status === 'failed') ?? {};
    assert.match(message ?? '', /The name of the file has 904 bytes of UTF-8, 900 are allowed\.$/);
  },
};
