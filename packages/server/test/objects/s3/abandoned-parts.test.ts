import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileKey, uploadPrefix } from '../../../src/domain/object-keys.ts';
import { uuidOf } from '../../../src/domain/uuid.ts';
import { error, startFakeS3 } from './fake-s3.ts';

const BEGAN = '2026-01-02T03:04:05.000Z';
const LATER = Date.parse(BEGAN) * 1000 + 1;

const [ORGANIZATION, WORKSPACE] = [uuidOf('organization'), uuidOf('workspace')];
const file = (which: number) => fileKey(ORGANIZATION, WORKSPACE, uuidOf(`content ${which}`));
const PREFIX = uploadPrefix(ORGANIZATION, WORKSPACE, uuidOf('session'));

const page = (keys: string[], isTruncated: boolean) => ({
  status: 200,
  body: `<ListMultipartUploadsResult><IsTruncated>${isTruncated}</IsTruncated><EncodingType>url</EncodingType>${keys
    .map(
      (key) => `<Upload><Key>${key}</Key><UploadId>${key}</UploadId><Initiated>${BEGAN}</Initiated></Upload>`,
    )
    .join('')}</ListMultipartUploadsResult>`,
});

test('abandoned uploads are listed to the end, and one that cannot be aborted does not keep the others', async (t) => {
  const aborted: string[] = [];
  const { store } = await startFakeS3(t, ({ method, query }) => {
    if (method === 'DELETE') {
      const id = query.get('uploadId') ?? '';
      if (id === file(1)) return error(403, 'AccessDenied');
      if (id === file(3)) return error(404, 'NoSuchUpload');
      aborted.push(id);
      return { status: 204 };
    }
    switch (query.get('key-marker')) {
      case null:
        return page([file(1), file(2), `${PREFIX}a+b%2B`, '%FF'], true);
      case `${PREFIX}a b+`:
        return page([file(3), file(4), 'others', 'o/w/files/5'], false);
      default:
        return error(400, 'InvalidArgument');
    }
  });
  assert.equal(await store.abortAbandoned(LATER, { dryRun: true }), 5);
  assert.deepEqual(aborted, []);
  assert.equal(await store.abortAbandoned(LATER - 1), 0);
  await assert.rejects(store.abortAbandoned(LATER), { code: 'STORAGE_UNAVAILABLE' });
  assert.deepEqual(aborted.sort(), [file(2), file(4), `${PREFIX}a+b%2B`].sort());
});

test('a store that takes no marker, or knows no uploads in parts, is asked no further', async (t) => {
  let asked = 0;
  const { store } = await startFakeS3(t, () => {
    asked++;
    return page([file(1)], true);
  });
  assert.equal(await store.abortAbandoned(LATER, { dryRun: true }), 2);
  assert.equal(asked, 2);
  const { store: plain } = await startFakeS3(t, () => error(501, 'NotImplemented'));
  assert.equal(await plain.abortAbandoned(LATER), 0);
});
