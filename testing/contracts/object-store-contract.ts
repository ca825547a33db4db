import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { HOUR, SECOND } from '../../packages/server/src/domain/instant.ts';
import type { Clock } from '../../packages/server/src/service/ports/clock.ts';
import type { ObjectStore, UploadForms } from '../../packages/server/src/service/ports/objects.ts';
import { bytesOf, inChunks, md5, readAll } from '../objects/bytes.ts';

export type StoreUnderTest = {
  /** Empty, and of this test alone. */
  store: ObjectStore;
  /** They lead to a place that takes them, and puts what comes into the store. */
  forms: UploadForms;
  clock: Clock;
  /** Whether a form is worthless once its folder is sealed; a store that cannot recall signatures says no. */
  recallsForms: boolean;
  /** Whether keys are paths to it: no part of a key may then be empty or of dots, and none both a file and a folder. */
  keysArePaths?: boolean;
};

const SIZES = [0, 1, 1000, 32 * 1024, 128 * 1024, 128 * 1024 + 1, 1024 * 1024];

/** What every adapter of the ObjectStore port must do. */
export const objectStoreContract = (
  name: string,
  open: (t: TestContext) => Promise<StoreUnderTest>,
): void => {
  const put = (store: ObjectStore, key: string, body: string | Buffer = key) =>
    store.put(key, inChunks(Buffer.from(body), 60_000));
  const keys = async (store: ObjectStore, prefix = '') =>
    (await store.list(prefix, { limit: 1000 })).map(({ key }) => key);
  const text = async (store: ObjectStore, key: string) => (await readAll(await store.read(key)))?.toString();

  test(`${name}: a body of any size comes back as it was put`, async (t) => {
    const { store } = await open(t);
    for (const [at, size] of SIZES.entries()) {
      const body = bytesOf(size, at + 1);
      const stored = await put(store, `a/${size}`, body);
      assert.equal(stored.key, `a/${size}`);
      assert.equal(stored.size, size);
      const [listed] = await store.list(`a/${size}`, { limit: 1 });
      assert.deepEqual({ ...listed, storedAt: stored.storedAt }, stored);
      // A store of its own tells its own time, some to the second.
      assert.ok(Math.abs((listed?.storedAt ?? 0) - stored.storedAt) < 5 * SECOND);
      assert.equal(md5((await readAll(await store.read(`a/${size}`))) as Buffer), md5(body));
    }
    assert.equal(await store.read('a/none'), undefined);
  });

  test(`${name}: a range of a body is read, both ends inclusive`, async (t) => {
    const { store } = await open(t);
    for (const size of [1000, 300_000]) {
      const body = bytesOf(size);
      await put(store, 'a', body);
      for (const [start, end] of [
        [0, 0],
        [0, size - 1],
        [size - 1, size - 1],
        [100, 199],
      ] as const) {
        const part = await readAll(await store.read('a', { start, end }));
        assert.deepEqual(part, body.subarray(start, end + 1), `${size}: ${start}-${end}`);
      }
    }
  });

  test(`${name}: putting again replaces, whatever the sizes, and changes the etag`, async (t) => {
    const { store } = await open(t);
    const etags = new Set<string>();
    for (const [at, size] of [1, 200_000, 2, 300_000, 200_000].entries()) {
      const body = bytesOf(size, at + 7);
      etags.add((await put(store, 'a/b', body)).etag);
      assert.deepEqual(await readAll(await store.read('a/b')), body);
      assert.deepEqual(await keys(store), ['a/b']);
    }
    assert.equal(etags.size, 5);
  });

  test(`${name}: LIF.12: a body that fails leaves nothing, and what was there before stays`, async (t) => {
    const { store } = await open(t);
    await put(store, 'a', 'before');
    for (const size of [10, 500_000]) {
      const failing = async function* () {
        yield bytesOf(size);
        throw new RangeError('the source ended early');
      };
      for (const key of ['a', 'b']) await assert.rejects(store.put(key, failing()), RangeError);
    }
    assert.deepEqual(await keys(store), ['a']);
    assert.equal(await text(store, 'a'), 'before');
  });

  test(`${name}: a list goes in the order of keys, page by page, and a prefix is literal`, async (t) => {
    const { store } = await open(t);
    const all = [
      'images/1',
      'images/a%b',
      'images/a_b',
      'images/b/c',
      'images/é',
      'images/\uffee',
      'images/😀',
      'images2/1',
      'imagesX',
    ];
    for (const key of [...all].reverse()) await put(store, key);
    assert.deepEqual(await keys(store), all);
    assert.deepEqual(await keys(store, 'images/'), all.slice(0, 7));
    assert.deepEqual(await keys(store, 'images/a_'), ['images/a_b']);
    assert.deepEqual(await keys(store, 'images/a%'), ['images/a%b']);
    assert.deepEqual(await keys(store, 'none/'), []);

    const paged: string[] = [];
    for (let after: string | undefined; ; after = paged.at(-1)) {
      const page = await store.list('images/', after === undefined ? { limit: 3 } : { limit: 3, after });
      paged.push(...page.map(({ key }) => key));
      if (page.length < 3) break;
    }
    assert.deepEqual(paged, all.slice(0, 7));
  });

  test(`${name}: files and sidecars are counted apart, by the name as it will be read`, async (t) => {
    const { store } = await open(t);
    const names = [
      'a.txt',
      'a.txt.meta.json',
      'b%20c.txt.meta%2Ejson',
      '%E0%A4%A.meta.json',
      'a.META.JSON',
      'x.meta.json.txt',
      '.meta.json',
    ];
    for (const name of names) await put(store, `s/${name}`);
    await put(store, 's2/a.txt');
    assert.deepEqual(await store.count('s/'), { files: 3, sidecars: 4 });
    await store.delete(['s/a.txt', 's/a.txt.meta.json']);
    assert.deepEqual(await store.count('s/'), { files: 2, sidecars: 3 });
    assert.deepEqual(await store.count('none/'), { files: 0, sidecars: 0 });
  });

  test(`${name}: a move gives the object another key and keeps its bytes`, async (t) => {
    const { store } = await open(t);
    for (const size of [10, 300_000]) {
      const body = bytesOf(size);
      const { etag } = await put(store, 'from', body);
      assert.deepEqual(await store.move([{ from: 'from', to: `to/${size}`, etag }]), ['moved']);
      assert.deepEqual(await readAll(await store.read(`to/${size}`)), body);
      assert.equal(await store.read('from'), undefined);
      const again = await store.move([{ from: 'from', to: `to/${size}`, etag }]);
      assert.deepEqual(again, ['moved'], 'as after a crash');
    }
  });

  test(`${name}: moves say what became of each, in order`, async (t) => {
    const { store } = await open(t);
    const a = await put(store, 'a', 'A');
    const b = await put(store, 'b', 'B');
    await put(store, 'target', 'old');
    const outcomes = await store.move([
      { from: 'none', to: 'x', etag: a.etag },
      { from: 'a', to: 'x', etag: b.etag },
      { from: 'a', to: 'b2', etag: a.etag },
      { from: 'b', to: 'a', etag: b.etag },
      { from: 'a', to: 'target', etag: b.etag },
    ]);
    assert.deepEqual(outcomes, ['missing', 'changed', 'moved', 'moved', 'moved']);
    assert.deepEqual(await keys(store), ['b2', 'target']);
    assert.equal(await text(store, 'b2'), 'A');
    assert.equal(await text(store, 'target'), 'B');
    assert.deepEqual(await store.move([]), []);
  });

  test(`${name}: readMany gives small bodies, names large ones and leaves missing ones out`, async (t) => {
    const { store } = await open(t);
    const large = bytesOf(200_000);
    await put(store, 'empty', '');
    await put(store, 'small', 'small');
    await put(store, 'large', large);
    const keyed = (...keys: string[]) => keys.map((key) => ({ key }));
    const found = await store.readMany(keyed('small', 'none', 'large', 'empty'), 199_999);
    assert.deepEqual([...found].sort(), [
      ['empty', Buffer.alloc(0)],
      ['large', 'too_large'],
      ['small', Buffer.from('small')],
    ]);
    assert.deepEqual((await store.readMany(keyed('large'), 200_000)).get('large'), large);
  });

  test(`${name}: readMany gives the object whose etag is known, not the one that has taken its place`, async (t) => {
    const { store } = await open(t);
    const listed: { key: string; etag: string }[] = [];
    for (const size of [5, 200_000]) {
      const key = `of ${size}`;
      const { etag } = await store.put(key, inChunks(bytesOf(size), 50_000));
      listed.push({ key, etag });
    }
    const kinds = async () =>
      [...(await store.readMany(listed, 200_000)).values()].map((body) => typeof body);
    assert.deepEqual(await kinds(), ['object', 'object']);
    for (const { key } of listed) await put(store, key, 'later');
    assert.deepEqual([...(await store.readMany(listed, 200_000)).values()], ['changed', 'changed']);
  });

  test(`${name}: a deletion takes what is there and does not mind what is not`, async (t) => {
    const { store } = await open(t);
    await put(store, 'a');
    await put(store, 'b', bytesOf(200_000));
    await put(store, 'c');
    await store.delete(['a', 'none', 'b', 'b']);
    await store.delete(['a']);
    await store.delete([]);
    assert.deepEqual(await keys(store), ['c']);
    assert.equal(await store.read('b'), undefined);
  });

  test(`${name}: thousands of keys are moved and deleted in one call`, async (t) => {
    const { store } = await open(t);
    const names = Array.from({ length: 2300 }, (_, at) => String(at).padStart(4, '0'));
    const stored = await Promise.all(names.map((name) => put(store, `from/${name}`, '')));
    const moves = stored.map(({ key, etag }) => ({ from: key, to: key.replace('from', 'to'), etag }));
    assert.deepEqual(new Set(await store.move(moves)), new Set(['moved']));
    assert.deepEqual(await store.count('to/'), { files: 2300, sidecars: 0 });
    await store.delete(moves.map(({ to }) => to));
    assert.deepEqual(await keys(store), []);
  });

  test(`${name}: NAM.3: no two keys are ever one`, async (t) => {
    const { store, keysArePaths = false } = await open(t);
    const segment = fc.constantFrom(
      'a',
      'A',
      '.',
      '..',
      '',
      ' ',
      '%2e',
      '%2E',
      '%252e',
      'a.',
      'é',
      'e\u0301',
      '\\',
      '∕',
      '\t',
      '\u202e',
      'CON',
      '*',
      "'",
    );
    const key = fc
      .array(segment, { minLength: 1, maxLength: keysArePaths ? 1 : 4 })
      .map((segments) => segments.join('/'))
      .filter((one) => one !== '' && !(keysArePaths && (one === '.' || one === '..')));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(key, { minLength: 1, maxLength: 8 }), async (some) => {
        for (const one of some) await put(store, one);
        assert.deepEqual(new Set(await keys(store)), new Set(some));
        for (const one of some) assert.equal(await text(store, one), one);
        await store.delete(some);
      }),
      { numRuns: 25 },
    );
  });

  const post = async ({ forms, clock }: StoreUnderTest, prefix: string) => {
    const form = await forms.createUploadForm({ prefix, expiresAt: clock() + HOUR });
    return async (filename: string, content: string | Buffer): Promise<number> => {
      const body = new FormData();
      for (const [field, value] of Object.entries(form.fields)) body.append(field, value);
      body.append('file', new Blob([new Uint8Array(Buffer.from(content))]), filename);
      const response = await fetch(form.url, { method: 'POST', body });
      await response.arrayBuffer();
      return response.status;
    };
  };

  test(`${name}: what is posted with a form is an object below its prefix`, async (t) => {
    const under = await open(t);
    const { store } = under;
    const upload = await post(under, 'o/w/upload_sessions/s1/');
    const large = bytesOf(300_000);
    assert.equal(await upload('a%20b.txt', 'small'), 204);
    assert.equal(await upload('large.bin', large), 204);
    assert.equal(await upload('empty', ''), 204);
    const listed = await store.list('o/w/upload_sessions/s1/', { limit: 10 });
    assert.deepEqual(
      listed.map(({ key, size }) => [key.slice('o/w/upload_sessions/s1/'.length), size]),
      [
        ['a%20b.txt', 5],
        ['empty', 0],
        ['large.bin', 300_000],
      ],
    );
    assert.equal(await text(store, 'o/w/upload_sessions/s1/a%20b.txt'), 'small');
    assert.deepEqual(await readAll(await store.read('o/w/upload_sessions/s1/large.bin')), large);

    assert.equal(await upload('a%20b.txt', 'later'), 204);
    assert.equal(
      await text(store, 'o/w/upload_sessions/s1/a%20b.txt'),
      'later',
      'the later upload of a name wins',
    );
    assert.deepEqual(await store.count('o/w/upload_sessions/s1/'), { files: 3, sidecars: 0 });
  });

  test(`${name}: LIF.4: once a prefix is sealed, what is listed is what there will be`, async (t) => {
    const under = await open(t);
    const { store, recallsForms } = under;
    const uploads = await Promise.all(
      ['o/w/s1/', 'o/w/s10/', 'o/x/s1/'].map((prefix) => post(under, prefix)),
    );
    const [upload, beside, elsewhere] = uploads as [
      (typeof uploads)[0],
      (typeof uploads)[0],
      (typeof uploads)[0],
    ];
    assert.equal(await upload('before', 'x'), 204);
    await store.seal('o/w/s1/');
    await store.seal('o/w/s1/');
    assert.equal(await beside('a', 'x'), 204);
    if (!recallsForms) return;
    assert.equal(await upload('after', 'x'), 403);
    assert.equal(await upload('before', 'x'), 403);
    assert.equal(await upload('large', bytesOf(300_000)), 403);
    assert.deepEqual(await keys(store, 'o/w/s1/'), ['o/w/s1/before']);
    await store.seal('o/w/');
    assert.equal(await beside('b', 'x'), 403, 'a folder above is sealed');
    assert.equal(await elsewhere('b', 'x'), 204);
  });

  test(`${name}: LIF.4: uploads that race with the seal are in the list or refused`, async (t) => {
    const under = await open(t);
    const { store, recallsForms } = under;
    if (!recallsForms) return;
    const upload = await post(under, 'o/w/s1/');
    const racing = Array.from({ length: 60 }, async (_, at): Promise<string | undefined> => {
      const status = await upload(`f${at}`, at % 10 === 0 ? bytesOf(150_000) : 'x');
      return status === 204 ? `o/w/s1/f${at}` : undefined;
    });
    await Promise.race(racing);
    await store.seal('o/w/s1/');
    const listed = await keys(store, 'o/w/s1/');
    const accepted = (await Promise.all(racing)).filter((key) => key !== undefined);
    assert.deepEqual(listed, accepted.sort());
    assert.deepEqual(await keys(store, 'o/w/s1/'), listed);
  });

  test(`${name}: it says whether it can be reached, and after closing refuses`, async (t) => {
    const { store } = await open(t);
    await store.ping();
    await put(store, 'a');
    await store.close();
    const unavailable = { code: 'STORAGE_UNAVAILABLE' };
    await assert.rejects(store.ping(), unavailable);
    await assert.rejects(put(store, 'b'), unavailable);
    await assert.rejects(store.list('', { limit: 1 }), unavailable);
    await assert.rejects(store.read('a'), unavailable);
  });
};
