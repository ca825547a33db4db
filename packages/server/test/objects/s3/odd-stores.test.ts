import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allOf } from '../../../../../testing/objects/all-of.ts';
import { inChunks } from '../../../../../testing/objects/bytes.ts';
import type { DomainError } from '../../../src/domain/errors.ts';
import { error, startFakeS3 } from './fake-s3.ts';

const A = '7fc56270e7a70fa81a5935b72eacbe29';

const listOf = (keys: string[], { more, encoding = 'url' }: { more?: string; encoding?: string } = {}) => ({
  status: 200,
  body: `<ListBucketResult><IsTruncated>${more !== undefined}</IsTruncated>${
    more === undefined ? '' : `<NextContinuationToken>${more}</NextContinuationToken>`
  }<EncodingType>${encoding}</EncodingType>${keys
    .map(
      (key) =>
        `<Contents><Key>${key}</Key><Size>1</Size><ETag>"e"</ETag><LastModified>2026-01-02T03:04:05.678Z</LastModified></Contents>`,
    )
    .join('')}</ListBucketResult>`,
});

test('a store that ignores the condition of a copy: the object that was replaced is not kept', async (t) => {
  const { store, objects } = await startFakeS3(t);
  objects.set('s/a', Buffer.from('later'));
  assert.deepEqual(await store.move([{ from: 's/a', to: 'f/a', etag: A }]), ['changed']);
  assert.deepEqual([...objects.keys()], ['s/a']);
});

test('a store whose copies have etags of their own: the object was moved if it was not replaced', async (t) => {
  const { store, objects } = await startFakeS3(t, ({ method, headers }) =>
    method === 'HEAD' && !('x-amz-copy-source' in headers)
      ? { status: 200, headers: { etag: '"abc-2"' } }
      : undefined,
  );
  objects.set('s/a', Buffer.from('in parts'));
  assert.deepEqual(await store.move([{ from: 's/a', to: 'f/a', etag: 'abc-2' }]), ['moved']);
  assert.deepEqual([...objects.keys()], ['f/a']);
});

test('an object is deleted only once its copy was acknowledged', async (t) => {
  const { store, objects, requests } = await startFakeS3(t, ({ method, path }) =>
    method === 'PUT' && path.endsWith('/f/b') ? error(500, 'InternalError') : undefined,
  );
  objects.set('s/a', Buffer.from('A')).set('s/b', Buffer.from('A'));
  const moves = ['a', 'b'].map((name) => ({ from: `s/${name}`, to: `f/${name}`, etag: A }));
  const [first, second] = await store.move(moves);
  assert.equal(first, 'moved');
  assert.equal((second as DomainError).code, 'STORAGE_UNAVAILABLE');
  assert.deepEqual([...objects.keys()].sort(), ['f/a', 's/b']);
  assert.ok(!requests.some(({ body }) => body.includes('s/b')));
});

test('a copy that the store refuses for its key does not hold up the others', async (t) => {
  const { store, objects } = await startFakeS3(t, ({ method, headers }) =>
    method === 'PUT' && headers['x-amz-copy-source'] === 'bucket/s/a'
      ? error(400, 'InvalidArgument')
      : undefined,
  );
  objects.set('s/a', Buffer.from('A')).set('s/b', Buffer.from('A'));
  const moves = ['a', 'b'].map((name) => ({ from: `s/${name}`, to: `f/${name}`, etag: A }));
  assert.deepEqual(await store.move(moves), ['missing', 'moved']);
});

test('a bucket that is gone is no missing object', async (t) => {
  const { store } = await startFakeS3(t, () => error(404, 'NoSuchBucket'));
  const unavailable = { code: 'STORAGE_UNAVAILABLE' };
  await assert.rejects(allOf(store.move([{ from: 'a', to: 'b', etag: A }])), unavailable);
  await assert.rejects(store.read('a'), unavailable);
  await assert.rejects(allOf(store.readMany([{ key: 'a' }], 1)), unavailable);
});

test('keys that are listed encoded are decoded, and what is no UTF-8 is left out without an end', async (t) => {
  const { store } = await startFakeS3(t, ({ query }) => {
    switch (query.get('continuation-token') ?? query.get('start-after')) {
      case null:
        return listOf(['a+b%2Bc%2520', '%C3%A9'], { more: '1' });
      case '1':
        return listOf(['%FF', '%FF%FE'], { more: '2' });
      case '2':
        return listOf(['%FF%FF']);
      default:
        return listOf([]);
    }
  });
  const listed = await store.list('', { limit: 3 });
  assert.deepEqual(
    listed.map(({ key }) => key),
    ['a b+c%20', 'é'],
  );
  assert.deepEqual(listed[0], {
    key: 'a b+c%20',
    size: 1,
    etag: 'e',
    storedAt: Date.parse('2026-01-02T03:04:05.678Z') * 1000,
  });
  assert.deepEqual(await store.count(''), { files: 2, sidecars: 0 });
});

test('keys that are listed as they are stay so; U+FFFD is kept where it is truly in the name', async (t) => {
  const { store, objects } = await startFakeS3(t, ({ query }) =>
    query.has('list-type') ? listOf(['a+b%20', 'false\ufffd', 'true\ufffd'], { encoding: '' }) : undefined,
  );
  objects.set('true\ufffd', Buffer.from('x'));
  assert.deepEqual(
    (await store.list('', { limit: 10 })).map(({ key }) => key),
    ['a+b%20', 'true\ufffd'],
  );
});

test('a list asks for no more than it needs', async (t) => {
  const pages: unknown[] = [];
  const { store } = await startFakeS3(t, ({ query }) => {
    const size = Number(query.get('max-keys'));
    pages.push(size);
    return listOf(
      Array.from({ length: size }, (_, at) => String(at)),
      { more: 'more' },
    );
  });
  assert.equal((await store.list('p/', { limit: 2500 })).length, 2500);
  assert.deepEqual(pages, [1000, 1000, 500]);
});

test('keys that XML cannot write are deleted one by one, and what a store fails to delete is asked for again', async (t) => {
  let rounds = 0;
  const { store, requests } = await startFakeS3(t, ({ method }) => {
    if (method !== 'POST') return undefined;
    rounds++;
    const failed =
      '<Error><Key>b</Key><Code>InternalError</Code></Error><Error><Key>a</Key><Code>NoSuchKey</Code></Error>';
    return { status: 200, body: `<DeleteResult>${rounds === 1 ? failed : ''}</DeleteResult>` };
  });
  await store.delete(['a', 'b', 'c\u0001', 'd\ufffe']);
  assert.equal(rounds, 2);
  assert.match(
    String(requests.filter(({ method }) => method === 'POST')[1]?.body),
    /<Object><Key>b<\/Key><\/Object>/,
  );
  assert.deepEqual(
    requests.filter(({ method }) => method === 'DELETE').map(({ path }) => path),
    ['/bucket/c%01', '/bucket/d%EF%BF%BE'],
  );
});

test('LIF.10: a folder that a store takes away under an object that comes: it is put again, a few times', async (t) => {
  let refusals = 1;
  const { store, objects, requests } = await startFakeS3(t, ({ method }) =>
    method === 'PUT' && refusals-- > 0 ? error(404, 'NoSuchKey') : undefined,
  );
  await store.put('a', inChunks(Buffer.from('bytes'), 2));
  assert.equal(String(objects.get('a')), 'bytes');
  refusals = Number.POSITIVE_INFINITY;
  requests.length = 0;
  await assert.rejects(store.put('b', inChunks(Buffer.from('bytes'), 2)), { code: 'STORAGE_UNAVAILABLE' });
  assert.equal(requests.filter(({ method }) => method === 'PUT').length, 3);
});

test('what a store will not delete is told', async (t) => {
  const { store } = await startFakeS3(t, () => ({
    status: 200,
    body: '<DeleteResult><Error><Key>a</Key><Code>AccessDenied</Code></Error></DeleteResult>',
  }));
  await assert.rejects(store.delete(['a']), { code: 'STORAGE_UNAVAILABLE' });
});

test('LIF.14: closing ends what is under way, and what would be tried again', async (t) => {
  const asked = Promise.withResolvers<void>();
  const { store, requests } = await startFakeS3(
    t,
    () => {
      asked.resolve();
      return new Promise(() => {});
    },
    { attempts: 5 },
  );
  const unavailable = { code: 'STORAGE_UNAVAILABLE' };
  const ended = Promise.all([
    assert.rejects(store.list('', { limit: 1 }), unavailable),
    assert.rejects(store.read('a'), unavailable),
  ]);
  await asked.promise;
  await store.close();
  await ended;
  assert.ok(requests.length <= 2);
});
