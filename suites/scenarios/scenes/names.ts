import assert from 'node:assert/strict';
import { join } from 'node:path';
import { documents, write } from '../documents.ts';
import type { Scenarios } from '../stage.ts';
import { assertFinished, assertHolds, each, outcomes } from './expectations.ts';

const NAMES = [
  'with a blank.txt',
  'two  blanks.txt',
  ' blank at both ends ',
  'Größe äöü NFC.txt'.normalize('NFC'),
  'plus+plus.txt',
  'comma,comma.txt',
  'this & that.txt',
  '(parentheses).txt',
  'equals=equals.txt',
  'semi;colon.txt',
  'at@home.txt',
  'bang!.txt',
  'dollar$.txt',
  'star*.txt',
  'question?.txt',
  'colon:.txt',
  'dash - en – em —.txt',
  '日本語.txt',
  'emoji 🎉 👩‍👩‍👧.txt',
  'no extension',
  'dots...txt',
  'UPPER.TXT',
  '-leading-dash.txt',
  'folder/in folder.txt',
  // The official SDK puts an underscore for what is in these.
  'hash#.txt',
  '100%.txt',
  'escape%41.txt',
  'escaped escape%2541.txt',
  'double"quote.txt',
  "it's.txt",
  'pipe|.txt',
  '<angle>.txt',
  '${filename}.txt',
  'back`tick.txt',
  'caret^.txt',
  '[square].txt',
  'tilde~.txt',
];

const NO_NAMES = ['back\\slash.txt', 'tab\t.txt', 'line\nbreak.txt', 'bell\u0007.txt'];

export const names: Scenarios = {
  'NAM.2: names arrive as they are': async ({ actor, workspace, folder }) => {
    const files = documents(NAMES);
    await assertFinished(workspace, await actor.upload(workspace.name, [await write(folder, files)]), NAMES);
    await assertHolds(workspace, files);
  },

  'NAM.1: decomposed names arrive composed': async ({ actor, workspace, folder }) => {
    const composed = ['Größe ö.txt', 'voilà.txt'].map((name) => name.normalize('NFC'));
    const given = composed.map((name) => name.normalize('NFD'));
    await write(folder, documents(given));
    await assertFinished(workspace, await actor.upload(workspace.name, [folder]), composed);
    const byName = await workspace.filesByName();
    for (const [index, name] of composed.entries())
      assert.deepEqual(byName.get(name)?.meta, { of: given[index], version: 1 });
  },

  'NAM.1: two spellings of one name are one file, of which one is told to be left out': async ({
    actor,
    workspace,
    folder,
  }) => {
    const name = 'Grüße.txt'.normalize('NFC');
    await write(folder, documents([name, name.normalize('NFD')]));
    const upload = await actor.upload(workspace.name, [folder]);
    const ofTheFile = upload.results.filter((result) => result.name === name);
    assert.deepEqual(ofTheFile.map(({ status, reason }) => `${status} ${reason}`).sort(), [
      'finished null',
      'skipped SAME_NAME',
    ]);
    const [row, ...others] = await workspace.files();
    assert.ok(row);
    assert.deepEqual([row.name, others], [name, []]);
    assert.equal((await workspace.content(row.file_id)).toString(), `${row.meta.of}, version 1`);
  },

  'NAM.5: names that are equal after replacement elsewhere stay apart': async ({
    actor,
    workspace,
    folder,
  }) => {
    const files = documents(['a_b.txt', 'a#b.txt', 'a%b.txt', 'a%23b.txt']);
    await write(folder, files);
    await assertFinished(
      workspace,
      await actor.upload(workspace.name, [folder]),
      files.map(({ name }) => name),
    );
    await assertHolds(workspace, files);
  },

  'what starts with a dot goes along only where it is named': async ({ actor, workspace, folder }) => {
    await write(folder, documents(['.hidden', 'seen.txt', '.git/config']));
    await assertFinished(workspace, await actor.upload(workspace.name, [folder]), ['seen.txt']);
    await assertFinished(workspace, await actor.upload(workspace.name, [join(folder, '.hidden')]), [
      '.hidden',
    ]);
    assert.deepEqual([...(await workspace.filesByName()).keys()].sort(), ['.hidden', 'seen.txt']);
  },

  'a name that no file may have fails its file, the others finish': async ({ actor, workspace, folder }) => {
    await write(folder, documents([...NO_NAMES, 'good.txt']));
    const upload = await actor.upload(workspace.name, [folder]);
    assert.deepEqual(outcomes(upload), {
      ...each(NO_NAMES, 'failed UNKNOWN_ERROR'),
      'good.txt': 'finished',
    });
    for (const { status, message } of upload.results)
      if (status === 'failed')
        assert.match(message ?? '', /^The name contains a (control character|backslash)\.$/);
    assert.deepEqual([...(await workspace.filesByName()).keys()], ['good.txt']);
  },

  'of one name in two folders the later path is the file': async ({ actor, workspace, folder }) => {
    await write(join(folder, 'old'), documents(['same.txt'], 1));
    await write(join(folder, 'new'), documents(['same.txt'], 2));
    const paths = ['old', 'new'].map((below) => join(folder, below));
    const upload = await actor.upload(workspace.name, paths);
    assert.deepEqual(
      upload.results.filter(({ status }) => status === 'finished').map(({ name }) => name),
      ['same.txt'],
    );
    assert.ok(upload.results.some(({ status, reason }) => status === 'skipped' && reason === 'SAME_NAME'));
    await assertHolds(workspace, documents(['same.txt'], 2));
  },
};
