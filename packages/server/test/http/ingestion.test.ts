import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Harness, postFile, startHarness, temporaryFolder } from '../../../../testing/server/harness.ts';

type Uploads = Record<string, string>;

/** Opens a session, uploads, closes. */
const send = async (h: Harness, request: object, uploads: Uploads): Promise<string> => {
  const { id, form } = await h.openSession(request);
  for (const [name, content] of Object.entries(uploads)) {
    assert.equal((await postFile(form, name, content)).status, 204, name);
  }
  assert.equal((await h.ws('PUT', `/upload_sessions/${id}`, {})).status, 204);
  return id;
};

/** What became of each file, by name: where a store tells times in whole seconds, no order of arrival is to be had. */
const outcomes = async (h: Harness, id: string) =>
  (await h.ws('GET', `/upload_sessions/${id}/files?limit=100`)).body.data
    .map((file: Record<string, string>) => [file.name, file.ingestion_status_reason ?? file.ingestion_status])
    .sort();

const listing = async (h: Harness) =>
  (await h.ws('GET', '/files?limit=100')).body.data as Record<string, unknown>[];

const contents = async (h: Harness) => {
  const rows: [unknown, unknown, unknown][] = [];
  for (const file of await listing(h)) {
    rows.push([file.name, (await h.ws('GET', `/files/${file.file_id}`)).body, file.meta]);
  }
  return rows;
};

test('KEEP: both stay, two ids, one name', async (t) => {
  const h = await startHarness(t);
  await send(h, {}, { 'a.txt': 'one', 'a.txt.meta.json': '{"v":1}' });
  await send(h, { write_mode: 'KEEP' }, { 'a.txt': 'two' });
  await h.drain();
  assert.deepEqual(await contents(h), [
    ['a.txt', 'one', { v: 1 }],
    ['a.txt', 'two', {}],
  ]);
});

test('OVERWRITE: the newest keeps its id, gets bytes and metadata; its twins go', async (t) => {
  const h = await startHarness(t);
  await h.uploadFile('a.txt', 'older', { v: 0 });
  const newest = (await h.uploadFile('a.txt', 'newest', { v: 1, only: 'before' })).body.file_id;
  await h.uploadFile('A.txt', 'other case');
  const id = await send(
    h,
    { write_mode: 'OVERWRITE' },
    { 'a.txt': 'new', 'b.txt': 'b', 'b.txt.meta.json': '{"v":2}' },
  );
  await h.drain();
  assert.deepEqual(await contents(h), [
    ['a.txt', 'new', {}],
    ['A.txt', 'other case', {}],
    ['b.txt', 'b', { v: 2 }],
  ]);
  assert.equal((await listing(h))[0]?.file_id, newest);
  assert.deepEqual(await outcomes(h, id), [
    ['a.txt', 'FINISHED'],
    ['b.txt', 'FINISHED'],
  ]);
  assert.equal((await h.server.objects.list('', { limit: 100 })).length, 3, 'replaced content is gone');
});

test('FAIL: a taken name fails with FILE_ALREADY_EXISTS, the others finish', async (t) => {
  const h = await startHarness(t);
  await h.uploadFile('a.txt', 'old');
  const id = await send(h, { write_mode: 'FAIL' }, { 'a.txt': 'new', 'b.txt': 'b' });
  await h.drain();
  assert.deepEqual(await outcomes(h, id), [
    ['a.txt', 'FILE_ALREADY_EXISTS'],
    ['b.txt', 'FINISHED'],
  ]);
  assert.deepEqual(
    (await contents(h)).map(([, content]) => content),
    ['old', 'b'],
  );
  assert.equal((await h.server.objects.list('', { limit: 100 })).length, 2);
});

test('LIF.16: TEMPORARY: by id only, takes no name, gone on time', async (t) => {
  const h = await startHarness(t);
  const id = await send(h, { write_mode: 'TEMPORARY' }, { 'a.txt': 'brief' });
  await h.drain();
  const [file] = (await h.ws('GET', `/upload_sessions/${id}/files`)).body.data;
  assert.equal((await h.ws('GET', `/files/${file.file_id}`)).body, 'brief');
  assert.deepEqual(await listing(h), []);
  assert.equal((await h.ws('GET', '/stats')).body.file_count, 0);
  const fail = await send(h, { write_mode: 'FAIL' }, { 'a.txt': 'permanent' });
  await h.drain();
  assert.deepEqual(await outcomes(h, fail), [['a.txt', 'FINISHED']]);
  h.advance(24 * 3600 - 60);
  await h.drain();
  assert.equal((await h.ws('GET', `/files/${file.file_id}`)).status, 200);
  h.advance(120);
  await h.drain();
  assert.equal((await h.ws('GET', `/files/${file.file_id}`)).status, 404);
  assert.equal((await h.server.objects.list('', { limit: 100 })).length, 1);
});

test('every reason, with its sentence; nothing stalls the rest', async (t) => {
  const h = await startHarness(t);
  await h.uploadFile('taken.txt', 'x');
  const id = await send(
    h,
    { write_mode: 'FAIL' },
    {
      'good.txt': 'x',
      'good.txt.meta.json': '{"a":1}',
      'empty.txt': '',
      'taken.txt': 'x',
      'syntax.txt': 'x',
      'syntax.txt.meta.json': '{"a":1,}',
      'reserved.txt': 'x',
      'reserved.txt.meta.json': '{"_id":"x"}',
      'huge.txt': 'x',
      'huge.txt.meta.json': `{"a":"${'x'.repeat(260_000)}"}`,
      'nothing.txt': 'x',
      'nothing.txt.meta.json': '',
      'lost.txt.meta.json': '{}',
    },
  );
  await h.drain();
  assert.deepEqual(await outcomes(h, id), [
    ['empty.txt', 'EMPTY_FILE'],
    ['good.txt', 'FINISHED'],
    ['huge.txt', 'FAILED_TO_PARSE_META'],
    ['nothing.txt', 'FAILED_TO_PARSE_META'],
    ['reserved.txt', 'FAILED_TO_PARSE_META'],
    ['syntax.txt', 'FAILED_TO_PARSE_META'],
    ['taken.txt', 'FILE_ALREADY_EXISTS'],
  ]);
  const { data } = (await h.ws('GET', `/upload_sessions/${id}/files?ingestion_status=FAILED`)).body;
  const messages = Object.fromEntries(
    data.map((file: Record<string, string>) => [file.name, file.ingestion_status_message]),
  );
  assert.match(messages['syntax.txt'], /line 1, column 8/);
  assert.match(messages['reserved.txt'], /"_id" is reserved/);
  assert.match(messages['huge.txt'], /larger than 250000/);
  const status = (await h.ws('GET', `/upload_sessions/${id}`)).body;
  assert.deepEqual(status.ingestion_status, { failed_files: 6, finished_files: 1 });
  assert.deepEqual(
    [status.total_files, status.pending_files, status.orphan_sidecars],
    [7, 0, ['lost.txt.meta.json']],
  );
  assert.equal((await h.server.objects.list('', { limit: 100 })).length, 2, 'what failed leaves no bytes');
});

test('an object that vanished before ingestion is FILE_NOT_FOUND, and so is a vanished sidecar', async (t) => {
  const h = await startHarness(t);
  const { id, form } = await h.openSession();
  for (const name of ['a', 'b', 'b.meta.json', 'c']) await postFile(form, name, '{}');
  const prefix = (form.fields.key as string).replace('${filename}', '');
  // The state a crash leaves after the listing: rows written, nothing moved. Then the store loses two objects.
  const session = await h.server.store.read.sessions.byId(id);
  assert.ok(session);
  const objects = await h.server.objects.list(prefix, { limit: 10 });
  const { planIngestion } = await import('../../src/domain/ingestion-plan.ts');
  const plan = await planIngestion({ id, prefix, maxFilesPerSession: 10 }, objects);
  await h.server.store.write(async (tx) => {
    await tx.sessionFiles.insertMany(plan.files);
    await tx.sessions.setListed(id, { at: h.clock(), orphanSidecars: [] });
  }, 'short');
  await h.server.objects.delete([`${prefix}a`, `${prefix}b.meta.json`]);
  await h.ws('PUT', `/upload_sessions/${id}`, {});
  await h.drain();
  assert.deepEqual(await outcomes(h, id), [
    ['a', 'FILE_NOT_FOUND'],
    ['b', 'FILE_NOT_FOUND'],
    ['c', 'FINISHED'],
  ]);
});

test('LIF.1, LIF.4: after the end the form is refused, and what was in is ingested', async (t) => {
  const h = await startHarness(t);
  const { id, form } = await h.openSession();
  const during = Array.from({ length: 40 }, (_, index) => postFile(form, `${index}.txt`, 'x'));
  const close = h.ws('PUT', `/upload_sessions/${id}`, {});
  const answers = await Promise.all(during);
  assert.equal((await close).status, 204);
  const accepted = answers.filter((answer) => answer.status === 204).length;
  assert.ok(answers.every((answer) => answer.status === 204 || answer.status === 403));
  await h.drain();
  const status = (await h.ws('GET', `/upload_sessions/${id}`)).body;
  const total = status.total_files;
  // In a bucket nothing stops an upload that is under way: it is in or out, as it came before the listing or after.
  assert.ok(h.road === 'embedded' ? total === accepted : total <= accepted);
  assert.equal(status.ingestion_status.finished_files, total);
  assert.equal((await listing(h)).length, total);

  const late = await postFile(form, 'late.txt', 'x');
  assert.equal(late.status, h.road === 'direct' ? 204 : 403);
  if (late.status === 403) assert.match(late.body, /<Code>AccessDenied<\/Code>/);
  h.advance(3 * 24 * 3600); // past the time in which anything could come
  await h.drain();
  assert.equal((await listing(h)).length, total, 'what came late is no file');
  assert.equal((await h.server.objects.list('', { limit: 100 })).length, total, 'nor an object that stays');
});

test('LIF.3: a session that runs out of time is EXPIRED, refuses uploads and closing, and is ingested', async (t) => {
  const h = await startHarness(t);
  const { id, form } = await h.openSession({ expires_in_seconds: 100 });
  await postFile(form, 'a.txt', 'x');
  h.advance(101);
  assert.equal((await h.ws('GET', `/upload_sessions/${id}`)).body.status, 'EXPIRED');
  assert.equal((await h.ws('PUT', `/upload_sessions/${id}`, {})).status, 409);
  await h.drain();
  // A bucket goes by its own clock: see the test of its forms.
  if (h.road !== 'direct') assert.equal((await postFile(form, 'b.txt', 'x')).status, 403);
  const status = (await h.ws('GET', `/upload_sessions/${id}`)).body;
  assert.deepEqual(
    [status.status, status.ingestion_status.finished_files, status.closed_at],
    ['EXPIRED', 1, null],
  );
});

test('LIF.3: time that runs out while the server is down counts as well', async (t) => {
  const directory = await temporaryFolder(t);
  const before = await startHarness(t, { directory });
  const { id, form } = await before.openSession({ expires_in_seconds: 100 });
  await postFile(form, 'a.txt', 'x');
  await before.close();
  const after = await startHarness(t, { directory, ahead: 101e6 });
  await after.server.jobs.idle();
  const status = (await after.ws('GET', `/upload_sessions/${id}`)).body;
  assert.deepEqual([status.status, status.ingestion_status.finished_files], ['EXPIRED', 1]);
});

test('sessions of a workspace are ingested in the order they ended', async (t) => {
  const h = await startHarness(t);
  const first = await h.openSession({ write_mode: 'OVERWRITE', expires_in_seconds: 50 });
  const second = await h.openSession({ write_mode: 'OVERWRITE' });
  const third = await h.openSession({ write_mode: 'OVERWRITE' });
  for (const [index, { form }] of [first, second, third].entries())
    await postFile(form, 'a.txt', `content ${index}`);
  await h.server.jobs.idle();
  h.advance(60); // `first` ends now by the clock, before the others are closed
  await h.ws('PUT', `/upload_sessions/${third.id}`, {});
  await h.ws('PUT', `/upload_sessions/${second.id}`, {});
  await h.drain();
  assert.deepEqual(
    (await contents(h)).map(([, content]) => content),
    ['content 1'],
  );
  const times = [];
  for (const { id } of [first, third, second])
    times.push((await h.ws('GET', `/upload_sessions/${id}`)).body.ingested_at);
  assert.deepEqual([...times].sort(), times);
});

test('a parallel session neither waits nor is waited for', async (t) => {
  const h = await startHarness(t);
  // The first in order cannot be ingested: its objects' listing is held back.
  const stuck = await h.openSession();
  const parallel = await h.openSession({ parallel_processing_enabled: true });
  await postFile(stuck.form, 'a', 'x');
  await postFile(parallel.form, 'b', 'x');
  const { list } = h.server.objects;
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  h.server.objects.list = async (prefix, page) => {
    if (prefix.includes(stuck.id)) await held;
    return list(prefix, page);
  };
  await h.ws('PUT', `/upload_sessions/${stuck.id}`, {});
  await h.ws('PUT', `/upload_sessions/${parallel.id}`, {});
  for (;;) {
    const { body } = await h.ws('GET', `/upload_sessions/${parallel.id}`);
    if (body.ingested_at !== null) break;
  }
  assert.equal((await h.server.store.read.sessions.byId(stuck.id))?.ingestedAt, null);
  release();
  await h.drain();
  assert.equal((await listing(h)).length, 2);
});

test('LIF.11: a session that fails again and again ends FAILED and lets the next one pass', async (t) => {
  const h = await startHarness(t);
  const poison = await h.openSession();
  const next = await h.openSession();
  await postFile(poison.form, 'poison', 'x');
  await postFile(next.form, 'fine', 'x');
  const { move } = h.server.objects;
  h.server.objects.move = async (moves) => {
    if (moves.some(({ from }) => from.endsWith('/poison'))) throw new Error('boom');
    return move(moves);
  };
  await h.ws('PUT', `/upload_sessions/${poison.id}`, {});
  await h.ws('PUT', `/upload_sessions/${next.id}`, {});
  for (let round = 0; round < 3; round++) await h.drain();
  assert.deepEqual(await outcomes(h, poison.id), [['poison', 'UNKNOWN_ERROR']]);
  assert.deepEqual(await outcomes(h, next.id), [['fine', 'FINISHED']]);
});

test('LIF.15: at every moment finished + failed + pending = total, and final states stay', async (t) => {
  const h = await startHarness(t);
  const { id, form } = await h.openSession();
  const uploads = Array.from({ length: 1200 }, (_, index) => index);
  for (let at = 0; at < uploads.length; at += 50) {
    await Promise.all(uploads.slice(at, at + 50).map((n) => postFile(form, `${n}`, n % 10 === 0 ? '' : 'x')));
  }
  await h.ws('PUT', `/upload_sessions/${id}`, {});
  let before = { failed: 0, finished: 0 };
  for (;;) {
    const { body } = await h.ws('GET', `/upload_sessions/${id}`);
    const { failed_files: failed, finished_files: finished } = body.ingestion_status;
    assert.equal(failed + finished + body.pending_files, body.total_files);
    assert.equal(body.total_files, 1200);
    assert.ok(failed >= before.failed && finished >= before.finished);
    before = { failed, finished };
    if (body.ingested_at !== null) break;
  }
  assert.deepEqual(before, { failed: 120, finished: 1080 });
});

test('NAM.1: NFC and NFD of one name are one file in a session, and one name across sessions', async (t) => {
  const h = await startHarness(t);
  const [nfc, nfd] = ['Gäste.txt'.normalize('NFC'), 'Gäste.txt'.normalize('NFD')];
  const id = await send(h, {}, { [nfc]: 'first', [nfd]: 'second', [`${nfc}.meta.json`]: '{"a":1}' });
  await h.drain();
  assert.deepEqual(await outcomes(h, id), [[nfc, 'FINISHED']]);
  assert.deepEqual(await contents(h), [[nfc, 'second', { a: 1 }]]);
  const again = await send(h, { write_mode: 'FAIL' }, { [nfd]: 'third' });
  await h.drain();
  assert.deepEqual(await outcomes(h, again), [[nfc, 'FILE_ALREADY_EXISTS']]);
});

test('LIF.17: files beyond the limit are no files, sidecars do not count', async (t) => {
  const h = await startHarness(t, { env: { SLUICE_MAX_FILES_PER_SESSION: '3' } });
  const { id, form } = await h.openSession();
  for (const name of ['a', 'b', 'c']) {
    assert.equal((await postFile(form, name, 'x')).status, 204);
    assert.equal((await postFile(form, `${name}.meta.json`, '{}')).status, 204);
  }
  const beyond = await postFile(form, 'd', 'x');
  if (h.road === 'embedded') {
    assert.equal(beyond.status, 403);
    assert.match(beyond.body, /as many files as it may/);
  }
  assert.equal((await postFile(form, 'a', 'again')).status, 204, 'a name that is there may come again');
  await h.ws('PUT', `/upload_sessions/${id}`, {});
  await h.drain();
  const { ingestion_status } = (await h.ws('GET', `/upload_sessions/${id}`)).body;
  // A bucket takes it all the same, and it fails with a message.
  assert.deepEqual(ingestion_status, { finished_files: 3, failed_files: h.road === 'embedded' ? 0 : 1 });
});
