import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Harness, postFile, startHarness } from '../../../../testing/server/harness.ts';
import { uuidOf } from '../../src/domain/uuid.ts';

/** Ids on a page, and what the page was refused for. */
const pageOf = async (h: Harness, path: string, id: string) => {
  const { status, body } = await h.call('GET', `/api/v1/${path}`);
  return status === 200
    ? { ids: body.data.map((row: Record<string, string>) => row[id]), total: body.total }
    : { status, at: body.detail[0].loc };
};

const SESSIONS = 'workspaces/default/upload_sessions';

test('a file of a session is a place in each of its lists, whatever became of it', async (t) => {
  const h = await startHarness(t);
  const { id, form } = await h.openSession();
  for (let at = 0; at < 5; at++) await postFile(form, `${at}.txt`, at === 3 ? '' : 'x');
  const files = (query: string) => pageOf(h, `${SESSIONS}/${id}/files?${query}`, 'file_ingestion_id');
  const { ids = [] } = await files('ingestion_status=PENDING&limit=2');
  const { ids: all = [] } = await files('limit=100');
  const last = ids.at(-1);
  const rest = all.slice(2);
  assert.deepEqual(await files(`ingestion_status=PENDING&after=${last}`), { ids: rest, total: 5 });
  assert.deepEqual(await files(`ingestion_status=FINISHED&after=${last}`), { ids: [], total: 0 });

  await h.ws('PUT', `/upload_sessions/${id}`, {});
  await h.drain();
  assert.deepEqual(await files(`ingestion_status=PENDING&limit=2&after=${last}`), { ids: [], total: 0 });
  assert.deepEqual(await files(`ingestion_status=PENDING&before=${last}`), { ids: [], total: 0 });
  const { ids: failed = [] } = await files('ingestion_status=FAILED');
  const finished = all.filter((one: string) => !failed.includes(one));
  assert.equal(failed.length, 1);
  assert.deepEqual(await files(`ingestion_status=FINISHED&before=${failed[0]}`), {
    ids: finished.filter((one: string) => all.indexOf(one) < all.indexOf(failed[0])),
    total: 4,
  });
  assert.deepEqual(await files(`ingestion_status=FAILED&after=${finished[0]}`), { ids: failed, total: 1 });

  const another = await h.openSession();
  await postFile(another.form, '0.txt', 'x');
  const foreign = await pageOf(h, `${SESSIONS}/${another.id}/files`, 'file_ingestion_id');
  for (const cursor of [foreign.ids[0], id, uuidOf('nowhere')]) {
    assert.deepEqual(await files(`after=${cursor}`), { status: 422, at: ['query', 'after'] });
  }
  assert.deepEqual(
    await files(`before=${last}&after=${uuidOf('nowhere')}`),
    { status: 422, at: ['query', 'after'] },
    'the one of two that is unknown is named',
  );
  const unlisted = `${SESSIONS}/${another.id}/files?before=${foreign.ids[0]}&after=${last}`;
  assert.deepEqual(await pageOf(h, unlisted, ''), { status: 422, at: ['query', 'after'] });
});

test('a session is a place in the lists of both, those that have expired and those that have not', async (t) => {
  const h = await startHarness(t);
  const ids: string[] = [];
  for (const expires_in_seconds of [100, 900, 100, 900])
    ids.push((await h.openSession({ expires_in_seconds })).id);
  const list = (query: string) => pageOf(h, `${SESSIONS}?${query}`, 'session_id');
  h.advance(500);
  for (const field of ['created_at', 'expires_at', 'status', 'name', 'write_mode', 'file_count']) {
    const sorted = `field=${field}&order=ASC`;
    assert.deepEqual((await list(`${sorted}&after=${ids[0]}`)).ids, [ids[1], ids[3]], field);
    assert.deepEqual((await list(`${sorted}&before=${ids[2]}`)).ids, [ids[1]], field);
    assert.deepEqual((await list(`${sorted}&is_expired=true&after=${ids[1]}`)).ids, [ids[2]], field);
  }
  assert.equal((await h.call('POST', '/api/v1/workspaces', { name: 'other' })).status, 201);
  const foreign = (await h.openSession({}, 'other')).id;
  assert.deepEqual(
    await list(`after=${foreign}`),
    await list(`after=${uuidOf('nowhere')}`),
    'not told from one that is nowhere',
  );
  assert.deepEqual(await list(`before=${foreign}`), { status: 422, at: ['query', 'before'] });
});

test('keys are deleted page by page', async (t) => {
  const h = await startHarness(t);
  for (let at = 0; at < 7; at++) await h.call('POST', '/api/v1/token', { name: `${at}` });
  const seen: string[] = [];
  let cursor = '';
  for (;;) {
    const { ids, total } = await pageOf(h, `token?limit=2${cursor}`, 'api_token_id');
    if (ids.length === 0) break;
    assert.equal(total, 8 - seen.length, 'deleted ones are in no total');
    for (const id of ids) {
      if (total - ids.indexOf(id) > 1) await h.call('DELETE', `/api/v1/token/${id}`);
      seen.push(id);
    }
    cursor = `&before=${ids.at(-1)}`;
  }
  assert.equal(new Set(seen).size, 8);
});

test('a page of files goes on from where it was, whatever became of the file', async (t) => {
  const h = await startHarness(t);
  for (const name of ['d', 'b', 'a', 'c']) await h.uploadFile(`${name}.txt`, name, { kind: 'old' });
  const rows = (await h.ws('GET', `/files?filter=kind eq 'old'`)).body.data;
  const list = async (query: string) =>
    (await h.ws('GET', `/files?${query}`)).body.data.map((row: { name: string }) => row.name[0]).join('');
  const row = (name: string) => rows.find((one: { name: string }) => one.name === `${name}.txt`);
  const after = (value: string, name: string) =>
    `after_value=${encodeURIComponent(value)}&after_file_id=${row(name).file_id}`;
  const check = async () => {
    assert.equal(await list(`filter=kind eq 'old'&${after(row('b').created_at, 'b')}`), 'ac');
    assert.equal(await list(`field=name&${after('b.txt', 'b')}`), 'cd');
  };
  await check();
  await h.ws('PATCH', `/files/${row('b').file_id}/meta`, { kind: 'new' });
  await check();
  await h.ws('DELETE', `/files/${row('b').file_id}`);
  await check();
});
