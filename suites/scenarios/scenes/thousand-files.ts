import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { documents, numbered, write } from '../documents.ts';
import type { Scenarios } from '../stage.ts';
import { assertFinished, sessionOf } from './expectations.ts';

export const thousandFiles: Scenarios = {
  'a thousand files and sidecars there and back': async ({ actor, workspace, folder }) => {
    const files = documents(numbered(1000));
    const upload = await actor.upload(workspace.name, [await write(join(folder, 'there'), files)]);
    await assertFinished(
      workspace,
      upload,
      files.map(({ name }) => name),
    );

    const ingested = await actor.sessionFiles(workspace.name, sessionOf(upload));
    assert.equal(ingested.length, 1000);
    assert.ok(ingested.every(({ ingestion_status }) => ingestion_status === 'FINISHED'));
    const listed = await actor.listFiles(workspace.name);
    assert.equal(new Set(listed.map(({ file_id }) => file_id)).size, 1000);
    assert.deepEqual(
      new Map(listed.map(({ name, meta }) => [name, meta])),
      new Map(files.map(({ name, meta }) => [name, meta])),
    );

    const back = join(folder, 'back');
    assert.equal((await actor.download(workspace.name, back)).length, 1000);
    assert.equal((await readdir(back)).length, 2000);
    for (const { name, content, meta } of files) {
      assert.equal(await readFile(join(back, name), 'utf8'), content);
      assert.deepEqual(JSON.parse(await readFile(join(back, `${name}.meta.json`), 'utf8')), meta);
    }
  },
};
