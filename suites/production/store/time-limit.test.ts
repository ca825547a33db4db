import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFilter } from '../../../packages/server/src/domain/odata/parse.ts';
import { fileOf, searchFor } from '../../../testing/store/file-fixture.ts';
import { prepareStore, SPACE } from '../../../testing/store/store-fixture.ts';
import { openStore, ownDatabase } from './own-database.ts';

test('a filter that takes too long is refused, and nothing else is', async () => {
  const { options } = await ownDatabase();
  const store = await prepareStore(() => openStore({ ...options, queryMs: 1 }));
  const files = Array.from({ length: 10_000 }, (_, at) =>
    fileOf(at, { workspaceId: SPACE.id, metadata: { key: `k${at}` } }),
  );
  await store.write((tx) => tx.files.insertMany(files), 'batch');
  const filter = parseFilter(Array.from({ length: 20 }, (_, at) => `contains(key,'x${at}')`).join(' or '));
  const search = { ...searchFor({ filter }), workspaceId: SPACE.id };
  const page = { sort: { field: 'created_at', order: 'ASC' }, limit: 10, offset: 0 } as const;
  const asked = Array.from({ length: 30 }, () => [
    store.read.files.count(search),
    store.read.files.list(search, page),
  ]);
  const settling = Promise.allSettled(asked.flat());
  // However many dear ones there are, connections are left for these.
  assert.equal((await store.read.files.list({ ...search, filter: null }, page)).length, 10);
  await store.ping();
  for (const one of await settling) {
    assert.equal(one.status === 'rejected' && one.reason.code, 'QUERY_TOO_DEAR');
  }

  const patient = await openStore(options);
  assert.equal(await patient.read.files.count(search), 0);
});
