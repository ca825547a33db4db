import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { DomainError } from '../../../packages/server/src/domain/errors.ts';
import { HOUR } from '../../../packages/server/src/domain/instant.ts';
import type { S3ObjectStoreOptions } from '../../../packages/server/src/objects/s3/store.ts';
import { allOf } from '../../../testing/objects/all-of.ts';
import { bytesOf, inChunks, md5, readAll } from '../../../testing/objects/bytes.ts';
import { type Fault, SLOW_DOWN, startFaultyProxy } from '../../../testing/objects/faulty-proxy.ts';
import { services } from '../../../testing/production/services.ts';
import { openStore, postFile } from './open-store.ts';

const UNAVAILABLE = { code: 'STORAGE_UNAVAILABLE' };

for (const service of services().stores) {
  const { name } = service;

  const open = async (t: TestContext, options: Partial<S3ObjectStoreOptions> = {}) => {
    const proxy = await startFaultyProxy(service.endpoint);
    t.after(() => proxy.close());
    return { proxy, ...(await openStore(t, service, { endpoint: proxy.url, options })) };
  };

  test(`${name}: LIF.10: with a fault in every fifth request all ends as if there were none`, async (t) => {
    const { proxy, store } = await open(t, { concurrency: 16 });
    const faults: Fault[] = [{ status: 500 }, 'reset', SLOW_DOWN, 'lose_answer', 'cut_answer'];
    let came = 0;
    let next = 0;
    proxy.set({ rule: () => (++came % 5 === 0 ? (faults[next++ % faults.length] as Fault) : 'pass') });
    const names = Array.from({ length: 100 }, (_, at) => `s/${at}`);
    const stored = await Promise.all(names.map((key) => store.put(key, inChunks(Buffer.from(key), 9))));
    const listed = await store.list('s/', { limit: 1000 });
    assert.deepEqual(new Set(listed.map(({ key }) => key)), new Set(names));
    const read = await store.readMany(
      names.map((key) => ({ key })),
      1000,
    );
    assert.deepEqual(
      names.map((key) => read.get(key)?.toString()),
      names,
    );
    const moves = stored.map(({ key, etag }) => ({ from: key, to: key.replace('s/', 'f/'), etag }));
    assert.deepEqual(await store.move(moves), Array(100).fill('moved'));
    assert.deepEqual(await store.count('s/'), { files: 0, sidecars: 0 });
    assert.equal((await readAll(await store.read('f/7')))?.toString(), 's/7');
    await store.delete(moves.map(({ to }) => to));
    assert.deepEqual(await store.count(''), { files: 0, sidecars: 0 });
    assert.ok(next > 20, `${next} faults`);
  });

  test(`${name}: LIF.10: a store that is overloaded is asked for less until it can keep up`, async (t) => {
    const { proxy, store } = await open(t, { concurrency: 64, attempts: 8 });
    const CAPACITY = 8;
    let running = 0;
    let refused = 0;
    let came = 0;
    const late = { came: 0, refused: 0 };
    proxy.set({
      latencyMs: 5,
      rule: () => {
        came++;
        const isLate = came > 600;
        if (isLate) late.came++;
        if (running >= CAPACITY) {
          refused++;
          if (isLate) late.refused++;
          return SLOW_DOWN;
        }
        running++;
        setTimeout(() => running--, 10);
        return 'pass';
      },
    });
    await Promise.all(
      Array.from({ length: 1000 }, (_, at) => store.put(`s/${at}`, inChunks(Buffer.from('x'), 9))),
    );
    assert.equal((await store.count('s/')).files, 1000);
    t.diagnostic(`${came} requests, ${refused} refused; late ${late.refused} of ${late.came}`);
    assert.ok(late.refused < late.came / 3, 'what is refused at the end is the probing for more');
  });

  const failures: [string, Fault][] = [
    ['answers 500', { status: 500 }],
    ['answers SlowDown', SLOW_DOWN],
    ['resets connections', 'reset'],
    ['does not answer', 'hang'],
    ['answers what is no XML', { status: 403, body: 'no' }],
  ];
  for (const [what, fault] of failures) {
    test(`${name}: LIF.10: a store that ${what} is unavailable, in all it is asked for`, async (t) => {
      const { proxy, store } = await open(t, { attempts: 2, idleTimeout: 300 });
      const { etag } = await store.put('a', inChunks(Buffer.from('x'), 9));
      proxy.set({ rule: () => fault });
      const calls = [
        () => store.put('b', inChunks(bytesOf(10), 9)),
        () => store.put('b', inChunks(bytesOf(20_000_000), 100_000)),
        () => store.list('', { limit: 10 }),
        () => store.count(''),
        () => allOf(store.move([{ from: 'a', to: 'b', etag }])),
        () => allOf(store.readMany([{ key: 'a' }], 10)),
        () => store.read('a'),
        () => store.delete(['a']),
        () => store.ping(),
      ];
      for (const call of calls) await assert.rejects(call(), UNAVAILABLE, String(call));
      proxy.set({});
      assert.deepEqual(
        (await store.list('', { limit: 10 })).map(({ key }) => key),
        ['a'],
        'it recovers',
      );
    });
  }

  test(`${name}: LIF.10: a store that takes a request and is silent is found out soon where it has little to do`, async (t) => {
    const { proxy, store } = await open(t, { attempts: 2, answerTimeout: 300 });
    await store.put('a', inChunks(Buffer.from('x'), 9));
    proxy.set({ rule: () => 'hang' });
    const calls = [
      () => store.list('', { limit: 10 }),
      () => store.count(''),
      () => allOf(store.readMany([{ key: 'a' }], 10)),
      () => store.read('a'),
    ];
    for (const call of calls) await assert.rejects(call(), UNAVAILABLE, String(call));
  });

  test(`${name}: LIF.11: an object that the store fails at keeps no other from being read or moved`, async (t) => {
    const { proxy, store } = await open(t, { attempts: 2 });
    const names = ['a', 'bad', 'c'];
    const etags = await Promise.all(
      names.map(async (key) => (await store.put(`s/${key}`, inChunks(Buffer.from(key), 9))).etag),
    );
    proxy.set({
      rule: ({ url, headers }) =>
        `${url} ${headers['x-amz-copy-source']}`.includes('/s/bad') ? { status: 500 } : 'pass',
    });
    const keys = names.map((key) => `s/${key}`);
    const bodies = await store.readMany(
      keys.map((key) => ({ key })),
      10,
    );
    assert.equal(String(bodies.get('s/a')), 'a');
    assert.equal((bodies.get('s/bad') as DomainError).code, 'STORAGE_UNAVAILABLE');
    assert.equal(String(bodies.get('s/c')), 'c');
    const moves = names.map((key, at) => ({ from: `s/${key}`, to: `f/${key}`, etag: etags[at] as string }));
    const [first, second, third] = await store.move(moves);
    assert.deepEqual([first, third], ['moved', 'moved']);
    assert.equal((second as DomainError).code, 'STORAGE_UNAVAILABLE');
    proxy.set({});
    assert.deepEqual(await store.move(moves), ['moved', 'moved', 'moved']);
  });

  test(`${name}: LIF.10: of a store that is away not every object is asked for`, async (t) => {
    const { proxy, store } = await open(t, { attempts: 2, concurrency: 8 });
    let came = 0;
    proxy.set({
      rule: () => {
        came++;
        return 'reset';
      },
    });
    const moves = Array.from({ length: 2000 }, (_, at) => ({ from: `s/${at}`, to: `f/${at}`, etag: 'e' }));
    const outcomes = await store.move(moves);
    assert.equal(outcomes.filter((outcome) => outcome instanceof Error).length, 2000);
    assert.ok(came <= (64 + 8) * 2, `${came} requests`);
  });

  test(`${name}: LIF.10: an unreachable store is unavailable`, async (t) => {
    const { proxy, store } = await open(t, { attempts: 2 });
    await proxy.close();
    await assert.rejects(store.ping(), UNAVAILABLE);
    await assert.rejects(store.list('', { limit: 1 }), UNAVAILABLE);
  });

  test(`${name}: LIF.10: a body whose connection breaks is read on from there`, async (t) => {
    const { proxy, store } = await open(t);
    const body = bytesOf(3_000_000);
    await store.put('a', inChunks(body, 100_000));
    const ranges: unknown[] = [];
    proxy.set({
      rule: ({ headers }) => {
        ranges.push(headers.range);
        return ranges.length < 3 ? 'cut_answer' : 'pass';
      },
    });
    assert.equal(md5((await readAll(await store.read('a'))) as Buffer), md5(body));
    assert.equal(ranges.length, 3);
    assert.match(String(ranges[2]), /^bytes=\d{6,}-2999999$/);

    ranges.length = 0;
    const part = await readAll(await store.read('a', { start: 1000, end: 2_000_999 }));
    assert.deepEqual(part, body.subarray(1000, 2_001_000));
    ranges.length = 0;
    assert.deepEqual((await store.readMany([{ key: 'a' }], 3_000_000)).get('a'), body);
  });

  test(`${name}: LIF.10: a body that was replaced while it was read is not put together of two`, async (t) => {
    const { proxy, store } = await open(t);
    await store.put('a', inChunks(bytesOf(3_000_000), 100_000));
    proxy.set({ rule: () => 'cut_answer' });
    const reading = await store.read('a');
    proxy.set({});
    await store.put('a', inChunks(bytesOf(3_000_000, 2), 100_000));
    await assert.rejects(readAll(reading), UNAVAILABLE);
  });

  test(`${name}: LIF.10: the lost answer to the end of an upload in parts does not lose the upload`, async (t) => {
    const { proxy, store, unfinished } = await open(t);
    const body = bytesOf(12_000_000);
    let lost = 0;
    proxy.set({
      rule: ({ method, url }) =>
        method === 'POST' && url.includes('uploadId') && lost++ === 0 ? 'lose_answer' : 'pass',
    });
    const stored = await store.put('a', inChunks(body, 100_000));
    assert.ok(lost >= 2);
    const [listed] = await store.list('', { limit: 2 });
    assert.equal(listed?.etag, stored.etag);
    assert.equal(md5((await readAll(await store.read('a'))) as Buffer), md5(body));
    assert.deepEqual(await unfinished(), []);
  });

  test(`${name}: LIF.12: a large body that fails, or whose part fails, leaves no part`, async (t) => {
    const { proxy, store, unfinished } = await open(t, { attempts: 2 });
    const failing = async function* () {
      yield* inChunks(bytesOf(12_000_000), 100_000);
      throw new RangeError('the source ended early');
    };
    await assert.rejects(store.put('a', failing()), RangeError);
    proxy.set({ rule: ({ url }) => (url.includes('partNumber=2') ? { status: 500 } : 'pass') });
    await assert.rejects(store.put('a', inChunks(bytesOf(30_000_000), 100_000)), UNAVAILABLE);
    assert.deepEqual(await store.list('', { limit: 2 }), []);
    assert.deepEqual(await unfinished(), []);
  });

  test(`${name}, relay: LIF.10: what the store cannot take now may be tried again`, async (t) => {
    const { proxy, forms, clock, unfinished } = await open(t, { attempts: 1 });
    const form = await forms.createUploadForm({ prefix: 'o/w/s/', expiresAt: clock() + HOUR });
    for (const size of [10, 300_000, 12_000_000]) {
      proxy.set({
        rule: ({ method, url }) => (method === 'PUT' && !url.includes('partNumber=1') ? SLOW_DOWN : 'pass'),
      });
      const answer = await postFile(form, 'a', bytesOf(size));
      assert.equal(answer.status, 503, `${size}`);
      assert.ok(answer.headers.get('retry-after'));
      assert.doesNotMatch(await answer.text(), /Reduce your request rate/);
      proxy.set({});
      assert.equal((await postFile(form, 'a', bytesOf(size))).status, 204);
    }
    assert.deepEqual(await unfinished(), []);
  });
}
