import assert from 'node:assert/strict';
import type { Scenarios } from '../stage.ts';

export const fileChanges: Scenarios = {
  'files are deleted by their exact names, twins along': async ({ actor, workspace }) => {
    const names = ['draft.txt', 'draft.txt', 'draft.txt.old', 'a % & ü.txt', 'stays.txt'];
    for (const name of names) await workspace.add(name, 'text');
    const gone = ['draft.txt', 'a % & ü.txt', 'nothing.txt'];
    assert.equal(await actor.deleteFiles(workspace.name, gone), 3);
    assert.deepEqual([...(await workspace.filesByName()).keys()], ['draft.txt.old', 'stays.txt']);
    assert.equal(await actor.deleteFiles(workspace.name, gone), 0);
  },

  'metadata is merged, null deletes a key': async ({ actor, workspace }) => {
    const fileId = await workspace.add('a.txt', 'text', { kept: 'as it is', year: 1999, draft: true });
    const other = await workspace.add('b.txt', 'text', { year: 1999 });
    const changes = {
      year: 2026,
      note: 'a = b, "quoted" ü',
      by: { name: 'Ann', tags: [1, 'x'] },
      draft: null,
    };
    const expected = { kept: 'as it is', year: 2026, note: changes.note, by: changes.by };
    assert.deepEqual(await actor.updateMetadata(workspace.name, fileId, changes), expected);
    const byName = await workspace.filesByName();
    assert.deepEqual(byName.get('a.txt')?.meta, expected);
    assert.deepEqual([byName.get('b.txt')?.file_id, byName.get('b.txt')?.meta], [other, { year: 1999 }]);
    const found = await actor.listFiles(workspace.name, { filter: "year eq 2026 and by.name eq 'Ann'" });
    assert.deepEqual(
      found.map(({ file_id }) => file_id),
      [fileId],
    );
  },
};
