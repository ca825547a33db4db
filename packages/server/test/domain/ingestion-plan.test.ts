import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planIngestion, type UploadedObject } from '../../src/domain/ingestion-plan.ts';

const prefix = 'org/ws/upload_sessions/s/';
const uploads = (...names: (string | [string, number])[]): UploadedObject[] =>
  names.map((entry, index) => {
    const [name, size] = typeof entry === 'string' ? [entry, 5] : entry;
    return { key: prefix + name, size, etag: `e${index}`, storedAt: 1000 + index };
  });
const plan = (objects: UploadedObject[], maxFilesPerSession = 10_000) =>
  planIngestion({ id: 'session', prefix, maxFilesPerSession }, objects);

test('a file pairs with its sidecar whichever came first', async () => {
  const { files, orphanSidecars, leftovers } = await plan(
    uploads('a.txt.meta.json', 'a.txt', 'b.txt', 'b.txt.meta.json'),
  );
  assert.deepEqual(
    files.map(({ name, sidecarKey, status }) => [name, sidecarKey, status]),
    [
      ['a.txt', `${prefix}a.txt.meta.json`, 'PENDING'],
      ['b.txt', `${prefix}b.txt.meta.json`, 'PENDING'],
    ],
  );
  assert.deepEqual([orphanSidecars, leftovers], [[], []]);
});

test('pairing looks at the decoded names, and at their case', async () => {
  const { files } = await plan(
    uploads('File.txt', 'file.txt', 'file.txt%2Emeta.json', 'x%20y.txt', 'x y.txt.meta.json'),
  );
  const paired = files.filter((file) => file.sidecarKey !== null).map((file) => file.name);
  assert.deepEqual(paired, ['file.txt', 'x y.txt']);
});

test('NAM.6: sidecars without their file are reported and are no files', async () => {
  const { files, orphanSidecars, leftovers } = await plan(
    uploads('lost.txt.meta.json', 'a', 'a.meta.json', 'a.meta.json.meta.json', '.meta.json', 'B.META.JSON'),
  );
  assert.deepEqual(
    files.map((file) => file.name),
    ['a', 'B.META.JSON'],
  );
  assert.deepEqual(orphanSidecars, ['lost.txt.meta.json', 'a.meta.json.meta.json', '.meta.json']);
  assert.equal(leftovers.length, 3);
});

test('LIF.5: of uploads that decode to one name the last is the file', async () => {
  const { files, leftovers } = await plan(uploads('a%20b.txt', 'c.txt', 'a b.txt'));
  assert.deepEqual(
    files.map(({ name, etag }) => [name, etag]),
    [
      ['c.txt', 'e1'],
      ['a b.txt', 'e2'],
    ],
  );
  assert.deepEqual(leftovers, [`${prefix}a%20b.txt`]);
});

test('the plan is the same whatever the order of the listing', async () => {
  const objects = uploads('a', 'b', 'a.meta.json', 'c%20d', 'c d');
  assert.deepEqual(await plan([...objects].reverse()), await plan(objects));
});

test('empty files, unfit names and files beyond the limit fail, each with its reason', async () => {
  const { files } = await plan(uploads(['empty.txt', 0], '..%2Fevil', 'a%00b', 'one', 'two'), 4);
  assert.deepEqual(
    files.map(({ name, status, reason }) => [name, status, reason]),
    [
      ['empty.txt', 'FAILED', 'EMPTY_FILE'],
      ['../evil', 'FAILED', 'UNKNOWN_ERROR'],
      ['a�b', 'FAILED', 'UNKNOWN_ERROR'],
      ['one', 'PENDING', null],
      ['two', 'FAILED', 'UNKNOWN_ERROR'],
    ],
  );
  for (const file of files) assert.equal(file.message === null, file.status === 'PENDING');
});
