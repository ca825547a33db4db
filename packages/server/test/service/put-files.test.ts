import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WriteMode } from '@sluice/contract';
import { openTemporaryStore } from '../../../../testing/store/open-sqlite-store.ts';
import { prepareStore, SPACE } from '../../../../testing/store/store-fixture.ts';
import { uuidAt } from '../../src/domain/uuid.ts';
import { createPutFiles } from '../../src/service/put-files.ts';

test('each mode puts its file where the name is taken twice, and tells what is needed no more', async () => {
  const store = await prepareStore(() => openTemporaryStore());
  let now = 1000;
  const putFiles = createPutFiles({ clock: () => now, newId: () => uuidAt(now++), temporaryFor: 50 });
  const put = (mode: WriteMode, name: string, objectKey: string) =>
    store.write(async (tx) => {
      await tx.files.lockWorkspace(SPACE.id);
      const file = { name, objectKey, size: 1, characters: 0, metadata: {}, etag: 'e' };
      const { files, garbage } = await putFiles(tx, { workspace: SPACE, mode, arriving: [file] });
      return { file: files[0], garbage };
    }, 'short');
  const cases: [WriteMode, { becomes: 'new' | 'newest' | 'nothing'; garbage: string[]; left: number }][] = [
    ['KEEP', { becomes: 'new', garbage: [], left: 3 }],
    ['OVERWRITE', { becomes: 'newest', garbage: ['1', '2'], left: 1 }],
    ['FAIL', { becomes: 'nothing', garbage: ['3'], left: 2 }],
    ['TEMPORARY', { becomes: 'new', garbage: [], left: 2 }],
  ];
  for (const [mode, expected] of cases) {
    const keyOf = (which: string) => `${mode} ${which}`;
    const first = await put('KEEP', mode, keyOf('1'));
    const newest = await put('KEEP', mode, keyOf('2'));
    const at = now;
    const { file, garbage } = await put(mode, mode, keyOf('3'));
    assert.deepEqual(garbage.sort(), expected.garbage.map(keyOf), mode);
    const ids = { [`${first.file?.id}`]: 'oldest', [`${newest.file?.id}`]: 'newest' };
    assert.equal(file === undefined ? 'nothing' : (ids[file.id] ?? 'new'), expected.becomes, mode);
    if (file) assert.equal(file.temporaryUntil, mode === 'TEMPORARY' ? at + 50 : null, mode);
    const named = await store.read.files.withNames(SPACE.id, [mode]);
    assert.equal(named.get(mode)?.length, expected.left, mode);
  }
});
