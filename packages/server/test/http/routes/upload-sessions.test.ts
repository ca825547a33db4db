import assert from 'node:assert/strict';
import { test } from 'node:test';
import { postFile, startHarness } from '../../../../../testing/server/harness.ts';
import { DomainError } from '../../../src/domain/errors.ts';

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const SESSIONS = '/upload_sessions';

test('a session from open to ingested', async (t) => {
  const h = await startHarness(t);
  const created = await h.ws('POST', SESSIONS, {});
  assert.equal(created.status, 201);
  assert.match(created.headers.get('content-type') ?? '', /^application\/json/);
  assert.match(created.body.session_id, UUID);
  assert.match(created.body.expires_at, TIME);
  assert.equal(created.body.documentation_url, `${h.server.url}/docs`);
  const form = created.body.aws_prefixed_request_config;
  assert.equal(form.url, h.formUrl);
  assert.match(
    form.fields.key,
    new RegExp(`^[0-9a-f-]{36}/[0-9a-f-]{36}/upload_sessions/${created.body.session_id}/\\$\\{filename\\}$`),
  );
  const path = `${SESSIONS}/${created.body.session_id}`;

  assert.equal((await postFile(form, 'a b (ä).txt', 'hello')).status, 204);
  assert.equal((await postFile(form, 'a b (ä).txt.meta.json', '{"category":"news"}')).status, 204);
  assert.equal((await postFile(form, 'empty.txt', '')).status, 204);
  assert.equal((await postFile(form, 'lost.txt.meta.json', '{}')).status, 204);

  // Files are listed in order of arrival, as far as the store tells it: some buckets know times in whole seconds.
  type Row = Record<string, unknown> & { name: string };
  const inOrder = (rows: Row[]): Row[] =>
    h.road === 'embedded' ? rows : rows.toSorted((a, b) => (a.name < b.name ? -1 : 1));

  const open = (await h.ws('GET', path)).body;
  assert.deepEqual(open.ingestion_status, { failed_files: 0, finished_files: 0 });
  assert.deepEqual([open.status, open.total_files, open.pending_files, open.closed_at], ['OPEN', 2, 2, null]);
  const arriving = (await h.ws('GET', `${path}/files`)).body;
  assert.deepEqual(
    inOrder(arriving.data).map((file) => file.name),
    ['a b (ä).txt', 'empty.txt'],
  );
  assert.ok(arriving.data.every((file: { ingestion_status: string }) => file.ingestion_status === 'PENDING'));
  assert.deepEqual([arriving.total, arriving.has_more], [2, false]);

  const closed = await h.ws('PUT', path, { status: 'CLOSED' });
  assert.deepEqual([closed.status, closed.body], [204, '']);
  await h.drain();

  const done = (await h.ws('GET', path)).body;
  assert.deepEqual(done.ingestion_status, { failed_files: 1, finished_files: 1 });
  assert.deepEqual([done.status, done.total_files, done.pending_files], ['CLOSED', 2, 0]);
  assert.deepEqual(done.orphan_sidecars, ['lost.txt.meta.json']);
  assert.match(done.closed_at, TIME);
  assert.match(done.ingested_at, TIME);
  assert.match(done.created_by.user_id, UUID);

  const files = inOrder((await h.ws('GET', `${path}/files`)).body.data);
  assert.deepEqual(
    files.map((file) => [file.name, file.ingestion_status, file.ingestion_status_reason, file.size]),
    [
      ['a b (ä).txt', 'FINISHED', null, 5],
      ['empty.txt', 'FAILED', 'EMPTY_FILE', 0],
    ],
  );
  assert.deepEqual(
    files.map((file) => file.file_ingestion_id),
    inOrder(arriving.data).map((file) => file.file_ingestion_id),
    'a file can be followed by its id from its arrival on',
  );
  assert.equal(files[1]?.ingestion_status_message, 'The file has no content.');

  const [file] = (await h.ws('GET', '/files')).body.data;
  assert.deepEqual(
    [file.file_id, file.name, file.meta],
    [files[0]?.file_id, 'a b (ä).txt', { category: 'news' }],
  );
  assert.equal((await h.ws('GET', `/files/${file.file_id}`)).body, 'hello');
});

test('LIF.1: close takes CLOSED, closed and {}, and only once', async (t) => {
  const h = await startHarness(t);
  for (const body of [{ status: 'CLOSED' }, { status: 'closed' }, {}]) {
    const { id } = await h.openSession();
    assert.equal((await h.ws('PUT', `${SESSIONS}/${id}`, body)).status, 204);
    const again = await h.ws('PUT', `${SESSIONS}/${id}`, body);
    assert.deepEqual(
      [again.status, again.body],
      [409, { detail: 'The upload session is closed already.', code: 'ALREADY_CLOSED' }],
    );
    await h.drain();
    const status = (await h.ws('GET', `${SESSIONS}/${id}`)).body;
    assert.deepEqual(status.ingestion_status, { failed_files: 0, finished_files: 0 });
    assert.match(status.ingested_at, TIME, 'a session without files is done as well');
  }
  const { id } = await h.openSession();
  const wrong = await h.ws('PUT', `${SESSIONS}/${id}`, { status: 'OPEN' });
  assert.equal(wrong.status, 422);
  assert.deepEqual(wrong.body.detail[0].loc, ['body', 'status']);
  const unknown = await h.ws('PUT', `${SESSIONS}/00000000-0000-0000-0000-000000000000`, {});
  assert.deepEqual(
    [unknown.status, unknown.body],
    [404, { detail: 'Upload session not found', code: 'NOT_FOUND' }],
  );
});

test('LIF.2: the eleventh open session of a user is refused, also in a race; ending one frees its place', async (t) => {
  const h = await startHarness(t);
  const race = await Promise.all(
    Array.from({ length: 30 }, () => h.ws('POST', SESSIONS, { expires_in_seconds: 60 })),
  );
  const opened = race.filter((answer) => answer.status === 201);
  assert.equal(opened.length, 10);
  assert.ok(race.filter((answer) => answer.status !== 201).every((answer) => answer.status === 406));

  assert.equal((await h.ws('PUT', `${SESSIONS}/${opened[0]?.body.session_id}`, {})).status, 204);
  assert.equal((await h.ws('POST', SESSIONS, {})).status, 201);
  assert.equal((await h.ws('POST', SESSIONS, {})).status, 406);
  h.advance(61);
  assert.equal((await h.ws('POST', SESSIONS, {})).status, 201, 'expired ones do not count');
});

test('sessions of a deleted workspace do not count', async (t) => {
  const h = await startHarness(t);
  await h.call('POST', '/api/v1/workspaces', { name: 'gone' });
  for (let count = 0; count < 10; count++) await h.openSession({}, 'gone');
  assert.equal((await h.ws('POST', SESSIONS, {})).status, 406);
  assert.equal((await h.call('DELETE', '/api/v1/workspaces/gone')).status, 204);
  assert.equal((await h.ws('POST', SESSIONS, {})).status, 201);
});

test('what a session may not be opened with', async (t) => {
  const h = await startHarness(t);
  const cases: [unknown, (string | number)[], string][] = [
    [{ write_mode: 'MERGE' }, ['body', 'write_mode'], 'enum'],
    [{ expires_in_seconds: 0 }, ['body', 'expires_in_seconds'], 'greater_than_equal'],
    [{ expires_in_seconds: 86_401 }, ['body', 'expires_in_seconds'], 'less_than_equal'],
    [{ parallel_processing_enabled: 'perhaps' }, ['body', 'parallel_processing_enabled'], 'bool_parsing'],
    ['[]', ['body'], 'model_attributes_type'],
    ['{"write_mode":', ['body', 14], 'json_invalid'],
  ];
  for (const [body, loc, type] of cases) {
    const answer = await h.ws('POST', SESSIONS, body);
    assert.equal(answer.status, 422, JSON.stringify(body));
    assert.deepEqual([answer.body.detail[0].loc, answer.body.detail[0].type], [loc, type]);
  }
  assert.equal((await h.call('POST', '/api/v1/workspaces/nowhere/upload_sessions', {})).status, 404);
  assert.equal((await h.ws('GET', SESSIONS)).body.total, 0);
});

test('a session lives as long as it was asked for, a day at most', async (t) => {
  const h = await startHarness(t);
  for (const [request, seconds] of [
    [{ expires_in_seconds: 90 }, 90],
    [{ expires_in_seconds: null }, 86_400],
    [{}, 86_400],
  ] as const) {
    const { id } = await h.openSession(request);
    const session = (await h.ws('GET', `${SESSIONS}/${id}`)).body;
    assert.equal(Date.parse(session.expires_at) - Date.parse(session.created_at), seconds * 1000);
  }
});

test('the list of sessions: what it shows, its sorts, its cursors, its pages', async (t) => {
  const h = await startHarness(t);
  const ids: string[] = [];
  const modes = ['OVERWRITE', 'KEEP', 'TEMPORARY', 'FAIL'];
  for (const [index, write_mode] of modes.entries()) {
    ids.push((await h.openSession({ write_mode, expires_in_seconds: 1000 - index * 100 })).id);
  }
  await h.ws('PUT', `${SESSIONS}/${ids[1]}`, {});
  const list = async (query: string) => {
    const { status, body } = await h.ws('GET', `${SESSIONS}?${query}`);
    assert.equal(status, 200, query);
    return { ...body, ids: body.data.map((row: { session_id: string }) => ids.indexOf(row.session_id)) };
  };

  const all = await list('');
  assert.deepEqual(all.ids, [3, 2, 1, 0]);
  assert.deepEqual([all.total, all.has_more], [4, false]);
  assert.deepEqual(
    all.data.map((row: { write_mode: string }) => row.write_mode),
    [...modes].reverse(),
  );
  assert.deepEqual(
    all.data.map((row: { status: string }) => row.status),
    ['OPEN', 'OPEN', 'CLOSED', 'OPEN'],
  );
  assert.deepEqual(Object.keys(all.data[0].created_by).sort(), ['family_name', 'given_name', 'user_id']);

  assert.deepEqual((await list('order=ASC&limit=2')).ids, [0, 1]);
  assert.deepEqual((await list('order=ASC&limit=3&page_number=2')).ids, [3]);
  assert.equal((await list('limit=1&page_number=1')).has_more, true);
  assert.deepEqual((await list('page_number=9')).ids, []);
  assert.deepEqual((await list(`before=${ids[2]}`)).ids, [1, 0]);
  assert.deepEqual(
    (await list(`after=${ids[1]}&order=ASC&page_number=7`)).ids,
    [2, 3],
    'a cursor wins over a page',
  );
  assert.deepEqual((await list(`after=${ids[0]}&before=${ids[3]}`)).ids, [2, 1]);
  assert.deepEqual((await list('field=expires_at&order=ASC')).ids, [3, 2, 1, 0]);
  assert.deepEqual((await list('field=write_mode&order=ASC')).ids, [3, 1, 0, 2]);
  assert.deepEqual((await list('field=name&order=ASC')).ids, [0, 1, 2, 3]);
  assert.equal((await list('field=status&order=ASC')).ids[0], 1);
  for (const field of ['ingestion_status_reason', 'file_count'])
    assert.equal((await list(`field=${field}`)).total, 4);

  assert.deepEqual((await list('is_expired=true')).ids, []);
  h.advance(750);
  assert.deepEqual((await list('is_expired=true')).ids, [3]);
  assert.deepEqual((await list('is_expired=false')).ids, [2, 1, 0]);
  assert.deepEqual((await list('')).ids, [2, 1, 0]);
  assert.equal((await list('is_expired=true')).data[0].status, 'EXPIRED');

  for (const query of [
    'limit=0',
    'limit=101',
    'limit=',
    'order=asc',
    'field=size',
    'page_number=0',
    'before=x',
  ]) {
    assert.equal((await h.ws('GET', `${SESSIONS}?${query}`)).status, 422, query);
  }
  const cursor = await h.ws('GET', `${SESSIONS}?before=00000000-0000-0000-0000-000000000000`);
  assert.equal(cursor.status, 422);
  assert.deepEqual(cursor.body.detail[0].loc, ['query', 'before']);
});

test('sessions sort by their files and by their failures', async (t) => {
  const h = await startHarness(t);
  const shapes = [['x'], ['x', '', ''], ['x', 'x', '', 'x']];
  const ids: string[] = [];
  for (const contents of shapes) {
    const { id, form } = await h.openSession();
    for (const [index, content] of contents.entries()) await postFile(form, `${index}.txt`, content);
    await h.ws('PUT', `${SESSIONS}/${id}`, {});
    ids.push(id);
  }
  await h.drain();
  const sorted = async (field: string) =>
    (await h.ws('GET', `${SESSIONS}?field=${field}&order=DESC`)).body.data.map(
      (row: { session_id: string }) => ids.indexOf(row.session_id),
    );
  assert.deepEqual(await sorted('file_count'), [2, 1, 0]);
  assert.deepEqual(await sorted('ingestion_status_reason'), [1, 2, 0]);
});

test('the files of a session: by status, by page, by cursor, before and after it ends', async (t) => {
  const h = await startHarness(t);
  const { id, form } = await h.openSession();
  for (let index = 0; index < 7; index++) await postFile(form, `${index}.txt`, index % 3 === 0 ? '' : 'x');
  const list = async (query: string) => (await h.ws('GET', `${SESSIONS}/${id}/files?${query}`)).body;
  const names = (page: { data: { name: string }[] }) => page.data.map((file) => file.name[0]).join('');

  // In order of arrival, as far as the store tells it: some buckets know times in whole seconds.
  const order = names(await list('limit=100'));
  if (h.road === 'embedded') assert.equal(order, '0123456');
  else assert.equal([...order].sort().join(''), '0123456');

  const check = async () => {
    assert.equal(names(await list('limit=3')), order.slice(0, 3));
    assert.equal(names(await list('limit=3&page_number=3')), order.slice(6));
    const [first, , third] = (await list('')).data;
    assert.equal(names(await list(`after=${third.file_ingestion_id}&limit=2`)), order.slice(3, 5));
    assert.equal(names(await list(`before=${third.file_ingestion_id}`)), order.slice(0, 2));
    assert.equal(names(await list(`before=${first.file_ingestion_id}`)), '');
    assert.equal((await h.ws('GET', `${SESSIONS}/${id}/files?after=${id}`)).status, 422);
  };
  await check();
  assert.equal((await list('ingestion_status=PENDING')).total, 7);
  assert.equal((await list('ingestion_status=FAILED')).total, 0);
  await h.ws('PUT', `${SESSIONS}/${id}`, {});
  await h.drain();
  await check();
  assert.equal(names(await list('ingestion_status=FAILED')), order.replace(/[^036]/g, ''));
  assert.equal((await list('ingestion_status=FINISHED')).total, 4);
  assert.equal((await list('ingestion_status=PENDING')).total, 0);
  assert.equal((await h.ws('GET', `${SESSIONS}/${id}/files?ingestion_status=DONE`)).status, 422);
});

test('a session whose form cannot be signed takes no place', async (t) => {
  const h = await startHarness(t, { env: { SLUICE_MAX_OPEN_SESSIONS: '1' } });
  const { forms } = h.server;
  const { createUploadForm } = forms;
  forms.createUploadForm = async () => {
    throw new DomainError('STORAGE_UNAVAILABLE', 'The store gives no credentials.');
  };
  assert.equal((await h.ws('POST', SESSIONS, {})).status, 503);
  forms.createUploadForm = createUploadForm;
  assert.equal((await h.ws('POST', SESSIONS, {})).status, 201);
});
