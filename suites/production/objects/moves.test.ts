import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, inChunks, readAll } from '../../../testing/objects/bytes.ts';
import { startFaultyProxy } from '../../../testing/objects/faulty-proxy.ts';
import { services } from '../../../testing/production/services.ts';
import { openStore } from './open-store.ts';

const UNAVAILABLE = { code: 'STORAGE_UNAVAILABLE' };

for (const service of services().stores) {
  const { name } = service;

  test(`${name}: an object that was replaced after the list is never what is moved`, async (t) => {
    const { store } = await openStore(t, service);
    const listed = await store.put('s/a', inChunks(Buffer.from('listed'), 9));
    await store.put('s/a', inChunks(Buffer.from('later'), 9));
    assert.deepEqual(await store.move([{ from: 's/a', to: 'f/a', etag: listed.etag }]), ['changed']);
    assert.equal(await store.read('f/a'), undefined);
    assert.equal((await readAll(await store.read('s/a')))?.toString(), 'later');
  });

  test(`${name}: objects that came in parts are moved, and guarded, too`, async (t) => {
    const { store } = await openStore(t, service);
    const body = bytesOf(6_000_000);
    const { etag } = await store.put('s/a', inChunks(body, 100_000));
    assert.match(etag, /-2$/);
    assert.deepEqual(await store.move([{ from: 's/a', to: 'f/a', etag }]), ['moved']);
    assert.deepEqual(await readAll(await store.read('f/a')), body);
    await store.put('s/a', inChunks(bytesOf(6_000_000, 2), 100_000));
    assert.deepEqual(await store.move([{ from: 's/a', to: 'f/b', etag }]), ['changed']);
    assert.equal(await store.read('f/b'), undefined);
  });

  /** A store that dies between the copies and the deletion of what was copied. */
  const halfMoved = async (t: Parameters<typeof openStore>[0]) => {
    const proxy = await startFaultyProxy(service.endpoint);
    t.after(() => proxy.close());
    const opened = await openStore(t, service, { endpoint: proxy.url, options: { attempts: 1 } });
    const { store } = opened;
    const { etag } = await store.put('s/a', inChunks(Buffer.from('first'), 9));
    const moves = [{ from: 's/a', to: 'f/a', etag }];
    proxy.set({ rule: ({ url }) => (url.includes('delete') ? 'reset' : 'pass') });
    await assert.rejects(store.move(moves), UNAVAILABLE);
    proxy.set({});
    assert.equal((await store.list('', { limit: 9 })).length, 2, 'both are there');
    return { ...opened, moves };
  };

  test(`${name}: LIF.7: stopped after the copy, a move is finished by the next one`, async (t) => {
    const { store, moves } = await halfMoved(t);
    assert.deepEqual(await store.move(moves), ['moved']);
    assert.deepEqual(
      (await store.list('', { limit: 9 })).map(({ key }) => key),
      ['f/a'],
    );
    assert.deepEqual(await store.move(moves), ['moved']);
  });

  test(`${name}: LIF.7: stopped after the copy, and the upload replaced since: what was listed is moved`, async (t) => {
    const { store, moves } = await halfMoved(t);
    await store.put('s/a', inChunks(Buffer.from('later'), 9));
    assert.deepEqual(await store.move(moves), ['moved']);
    assert.equal((await readAll(await store.read('f/a')))?.toString(), 'first');
  });
}
