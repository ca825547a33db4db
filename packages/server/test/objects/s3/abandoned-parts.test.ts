import assert from 'node:assert/strict';
import { test } from 'node:test';
import { error, startFakeS3 } from './fake-s3.ts';

const BEGAN = '2026-01-02T03:04:05.000Z';
const LATER = Date.parse(BEGAN) * 1000 + 1;

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
      if (id === 'o/w/files/1') return error(403, 'AccessDenied');
      if (id === 'o/w/files/3') return error(404, 'NoSuchUpload');
      aborted.push(id);
      return { status: 204 };
    }
    switch (query.get('key-marker')) {
      case null:
        return page(['o/w/files/1', 'o/w/files/2', 'o/w/upload_sessions/s/a+b%2B', '%FF'], true);
      case 'o/w/upload_sessions/s/a b+':
        return page(['o/w/files/3', 'o/w/files/4', 'others'], false);
      default:
        return error(400, 'InvalidArgument');
    }
  });
  assert.equal(await store.abortAbandoned(LATER, { dryRun: true }), 5);
  assert.deepEqual(aborted, []);
  assert.equal(await store.abortAbandoned(LATER - 1), 0);
  await assert.rejects(store.abortAbandoned(LATER), { code: 'STORAGE_UNAVAILABLE' });
  assert.deepEqual(aborted.sort(), ['o/w/files/2', 'o/w/files/4', 'o/w/upload_sessions/s/a+b%2B']);
});

test('a store that takes no marker, or knows no uploads in parts, is asked no further', async (t) => {
  let asked = 0;
  const { store } = await startFakeS3(t, () => {
    asked++;
    return page(['o/w/files/1'], true);
  });
  assert.equal(await store.abortAbandoned(LATER, { dryRun: true }), 2);
  assert.equal(asked, 2);
  const { store: plain } = await startFakeS3(t, () => error(501, 'NotImplemented'));
  assert.equal(await plain.abortAbandoned(LATER), 0);
});
