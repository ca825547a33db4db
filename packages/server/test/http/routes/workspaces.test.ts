import assert from 'node:assert/strict';
import { test } from 'node:test';
import { postFile, startHarness } from '../../../../../testing/server/harness.ts';

const PATH = '/api/v1/workspaces';

test('workspaces: create, list, get, stats, delete', async (t) => {
  const h = await startHarness(t);
  const created = await h.call('POST', PATH, { name: 'sdktest_1f0c-ü' });
  assert.equal(created.status, 201);
  const path = `${PATH}/${encodeURIComponent('sdktest_1f0c-ü')}`;
  assert.equal((await h.call('POST', PATH, { name: 'sdktest_1f0c-ü' })).status, 409);
  const got = (await h.call('GET', path)).body;
  assert.deepEqual(got, created.body);
  assert.deepEqual(
    [got.languages, typeof got.default_idle_timeout_in_seconds, got.metadata_fields],
    [{}, 'number', {}],
  );
  const all = (await h.call('GET', PATH)).body;
  assert.deepEqual(
    all.map((workspace: { name: string }) => workspace.name),
    ['default', 'sdktest_1f0c-ü'],
  );

  await h.uploadFile('a', 'x', { kind: 'a', n: 1 });
  await h.uploadFile('b', 'x', { kind: 'b', n: 'two', deep: { flag: true } });
  assert.deepEqual((await h.call('GET', `${PATH}/default`)).body.metadata_fields, {
    'deep.flag': ['boolean'],
    kind: ['string'],
    n: ['number', 'string'],
  });
  assert.equal((await h.call('GET', `${PATH}/default/stats`)).body.file_count, 2);
  assert.deepEqual((await h.call('GET', `${path}/stats`)).body, {
    file_count: 0,
    document_count: 0,
    search_request_count: 0,
    average_response_time: 0,
  });

  assert.deepEqual(await h.call('DELETE', path).then(({ status, body }) => [status, body]), [204, '']);
  assert.equal((await h.call('GET', path)).status, 404);
  assert.equal((await h.call('DELETE', path)).status, 404);
  assert.equal(
    (await h.call('POST', PATH, { name: 'sdktest_1f0c-ü' })).status,
    201,
    'its name is free again',
  );
});

test('of many keys, a workspace lists the first by name', async (t) => {
  const h = await startHarness(t);
  const keyAt = (at: number) => `key ${String(at).padStart(5, '0')}`;
  const half = (from: number) =>
    Object.fromEntries(Array.from({ length: 700 }, (_, at) => [keyAt(2 * at + from), at]));
  for (const from of [0, 1]) assert.equal((await h.uploadFile(`${from}`, 'x', half(from))).status, 201);
  const { body } = await h.call('GET', `${PATH}/default`);
  assert.deepEqual(
    Object.keys(body.metadata_fields),
    Array.from({ length: 1000 }, (_, at) => keyAt(at)),
  );
  assert.deepEqual((await h.call('GET', PATH)).body, [body]);
  await h.uploadFile('first', 'x', { first: 1 });
  const after = (await h.call('GET', PATH)).body[0].metadata_fields;
  assert.deepEqual(Object.keys(after).slice(0, 2), ['first', keyAt(0)]);
  assert.equal(Object.keys(after).length, 1000);
});

test('metadata over its limits is refused, and what is over them already stays readable', async (t) => {
  const h = await startHarness(t);
  const wide = Object.fromEntries(Array.from({ length: 2001 }, (_, at) => [`k${at}`, at]));
  const refused = await h.uploadFile('wide', 'x', wide);
  assert.equal(refused.status, 400);
  assert.match(refused.body.detail, /more than 2000 keys/);

  const { body } = await h.uploadFile('narrow', 'x', { a: 1 });
  const path = `/files/${body.file_id}/meta`;
  assert.equal((await h.ws('PATCH', path, wide)).status, 400);
  const bulk = (await h.ws('POST', '/files/update-meta', { [body.file_id]: wide })).body;
  assert.deepEqual([bulk.updated_count, bulk.failed_files[0].error_type], [0, 'BAD_REQUEST']);
  assert.match(bulk.failed_files[0].error_message, /more than 2000 keys/);

  await h.server.store.write(
    (tx) => tx.files.setMetadataMany([{ id: body.file_id, metadata: wide }]),
    'short',
  );
  assert.deepEqual((await h.ws('GET', path)).body, wide);
  assert.deepEqual((await h.ws('GET', '/files')).body.data[0].meta, wide);
  const all = Object.fromEntries(Object.keys(wide).map((key) => [key, null]));
  assert.equal((await h.ws('PATCH', path, { ...all, a: 1 })).status, 200);

  const session = await h.openSession();
  await postFile(session.form, 'a.txt', 'x');
  await postFile(session.form, 'a.txt.meta.json', JSON.stringify(wide));
  await h.ws('PUT', `/upload_sessions/${session.id}`, { status: 'CLOSED' });
  await h.drain();
  const [file] = (await h.ws('GET', `/upload_sessions/${session.id}/files`)).body.data;
  assert.equal(file.ingestion_status_reason, 'FAILED_TO_PARSE_META');
  assert.match(file.ingestion_status_message, /more than 2000 keys/);
});

test('names a workspace may not have, and how many there may be', async (t) => {
  const h = await startHarness(t, { env: { SLUICE_MAX_WORKSPACES: '2' } });
  for (const name of ['abc', 'with/slash', 'tab\there', '..'.repeat(1), 'x'.repeat(256)]) {
    assert.equal((await h.call('POST', PATH, { name })).status, 400, name);
  }
  assert.equal((await h.call('POST', PATH, {})).status, 422);
  assert.equal((await h.call('POST', PATH, { name: 'second' })).status, 201);
  assert.equal((await h.call('POST', PATH, { name: 'third' })).status, 406);
  assert.equal((await h.call('GET', PATH)).body.length, 2);
});

test('deleting a workspace removes rows and objects, of open sessions too, and its forms stop working', async (t) => {
  const h = await startHarness(t);
  await h.call('POST', PATH, { name: 'doomed' });
  const ended = await h.openSession({}, 'doomed');
  for (let index = 0; index < 30; index++)
    await postFile(ended.form, `${index}`, 'x'.repeat(index * 3000 + 1));
  await h.call('PUT', `${PATH}/doomed/upload_sessions/${ended.id}`, {});
  await h.drain();
  const open = await h.openSession({}, 'doomed');
  assert.equal((await postFile(open.form, 'pending', 'x')).status, 204);
  await h.uploadFile('survivor', 'x');

  assert.equal((await h.call('DELETE', `${PATH}/doomed`)).status, 204);
  await h.drain();
  assert.equal((await postFile(open.form, 'late', 'x')).status, h.road === 'direct' ? 204 : 403);
  h.advance(3 * 24 * 3600); // a bucket takes what comes late until the form has run out, and it goes then
  await h.drain();
  const left = await h.server.objects.list('', { limit: 100 });
  assert.equal(left.length, 1);
  assert.equal((await h.ws('GET', '/files')).body.total, 1);
  assert.deepEqual(await h.server.store.read.workspaces.deleted(), []);
});

test('me, users, organization', async (t) => {
  const h = await startHarness(t);
  const me = (await h.call('GET', '/api/v1/me')).body;
  assert.deepEqual(
    [me.given_name, me.organization.role, me.organization.pricing_plan],
    ['Sluice', 'ADMIN', 3],
  );
  assert.deepEqual(me.organization.workspaces, [{ name: 'default', role: 'ADMIN' }]);
  assert.deepEqual((await h.call('GET', `/api/v1/users/${me.user_id}`)).body, me);
  assert.equal((await h.call('GET', '/api/v1/users/00000000-0000-0000-0000-000000000000')).status, 404);
  assert.equal((await h.call('GET', '/api/v1/users/x')).status, 422);
  assert.deepEqual((await h.call('GET', '/api/v1/organization')).body, {
    organization_id: me.organization.organization_id,
    name: 'default',
  });
});
