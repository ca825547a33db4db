import assert from 'node:assert/strict';
import { test } from 'node:test';
import { API_KEY, answerOf, type Harness, startHarness } from '../../../../../testing/server/harness.ts';

type Body = NonNullable<RequestInit['body']>;

const post = async (h: Harness, body: Body, query = '', headers: Record<string, string> = {}) =>
  answerOf(
    await fetch(`${h.server.url}/api/v1/workspaces/default/files${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}`, ...headers },
      body,
    }),
  );

const form = (...parts: [string, string | Blob, string?][]): FormData => {
  const body = new FormData();
  for (const [name, value, filename] of parts) {
    if (filename === undefined) body.append(name, value as string);
    else body.append(name, value instanceof Blob ? value : new Blob([value]), filename);
  }
  return body;
};

const names = async (h: Harness, query = '') =>
  (await h.ws('GET', `/files?${query}`)).body.data.map((file: { name: string }) => file.name);

test('every wire form of a single upload, in any order of parts', async (t) => {
  const h = await startHarness(t);
  const uploads: [Body, string][] = [
    [form(['file', 'x', 'sdk path ü.txt'], ['meta', '{"a":1}']), ''],
    [form(['meta', '{"a":1}'], ['file', 'x', 'in memory.txt']), '?write_mode=KEEP'],
    [form(['text', 'grüße'], ['meta', '{"a":1}']), '?file_name=text.txt'],
    [form(['File', 'x', 'generated.txt'], ['meta', '{"a":1}']), ''],
    [form(['meta', 'null'], ['file', 'x', 'null meta.txt']), ''],
    [form(['other', 'ignored'], ['file', 'x', 'no meta.txt']), ''],
  ];
  for (const [body, query] of uploads) {
    const answer = await post(h, body, query);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    assert.match(answer.body.file_id, /^[0-9a-f-]{36}$/);
  }
  const { data } = (await h.ws('GET', '/files')).body;
  assert.deepEqual(
    data.map((file: Record<string, unknown>) => [file.name, file.size, file.characters, file.meta]),
    [
      ['sdk path ü.txt', 1, 0, { a: 1 }],
      ['in memory.txt', 1, 0, { a: 1 }],
      ['text.txt', 7, 5, { a: 1 }],
      ['generated.txt', 1, 0, { a: 1 }],
      ['null meta.txt', 1, 0, {}],
      ['no meta.txt', 1, 0, {}],
    ],
  );
  assert.equal(data[0].url, `/api/v1/workspaces/default/files/${data[0].file_id}`);
});

test('uploads that cannot be say what is wrong, and store nothing', async (t) => {
  const h = await startHarness(t, { env: { SLUICE_MAX_DIRECT_FILE_BYTES: '100000' } });
  const cases: [Body, string, number, RegExp][] = [
    [form(['meta', '{}']), '', 400, /Neither a part "file"/],
    [form(['file', 'x', 'a.txt'], ['meta', '{']), '', 400, /not valid JSON/],
    [form(['file', 'x', 'a.txt'], ['meta', '[]']), '', 400, /not a JSON object/],
    [form(['file', 'x', 'a.txt'], ['meta', '{"id":1}']), '', 400, /reserved/],
    [form(['file', 'x', 'a.txt'], ['file', 'y', 'b.txt']), '', 400, /once/],
    [form(['file', 'x', 'a.txt'], ['meta', '{}'], ['meta', '{}']), '', 400, /twice/],
    [form(['file', '', 'a.txt']), '', 400, /no content/],
    [form(['text', 'x']), '', 400, /no name/],
    [form(['file', 'x', '../a.txt']), '', 400, /path segment/],
    [form(['file', 'x'.repeat(100_001), 'a.txt']), '', 413, /upload session/],
    [form(['file', 'x', 'a.txt'], ['meta', JSON.stringify({ a: 'x'.repeat(32_767) })]), '', 413, /32766/],
    [form(['file', 'x', 'a.txt'], ['meta', 'x'.repeat(250_001)]), '', 413, /250000/],
    ['file=x', '', 415, /multipart/],
  ];
  for (const [body, query, status, detail] of cases) {
    const answer = await post(h, body, query);
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    assert.match(answer.body.detail, detail);
  }
  const wrongMode = await post(h, form(['file', 'x', 'a.txt']), '?write_mode=keep');
  assert.deepEqual([wrongMode.status, wrongMode.body.detail[0].type], [422, 'enum']);
  const truncated = await post(
    h,
    '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nxx',
    '',
    {
      'content-type': 'multipart/form-data; boundary=b',
    },
  );
  assert.equal(truncated.status, 400);
  assert.deepEqual(await names(h), []);
  h.advance(25 * 3600);
  await h.drain();
  assert.deepEqual(await h.server.objects.list('', { limit: 10 }), [], 'no bytes are left either');
});

test('write modes of single uploads', async (t) => {
  const h = await startHarness(t);
  const first = await h.uploadFile('a.txt', 'one', { v: 1 });
  const twin = await h.uploadFile('a.txt', 'two', { v: 2 }, '?write_mode=KEEP');
  assert.equal((await h.uploadFile('a.txt', 'x', null, '?write_mode=FAIL')).status, 409);
  assert.equal((await h.ws('GET', '/files')).body.total, 2);
  const over = await h.uploadFile('a.txt', 'three', null, '?write_mode=OVERWRITE');
  assert.equal(over.body.file_id, twin.body.file_id, 'the newest keeps its id');
  assert.equal((await h.ws('GET', `/files/${first.body.file_id}`)).status, 404);
  assert.equal((await h.ws('GET', `/files/${twin.body.file_id}`)).body, 'three');
  assert.deepEqual((await h.ws('GET', `/files/${twin.body.file_id}/meta`)).body, {});
  const temporary = await h.uploadFile('t.txt', 'gone soon', null, '?write_mode=TEMPORARY');
  assert.deepEqual(await names(h), ['a.txt']);
  assert.deepEqual(await names(h, 'include_temporary=true'), ['a.txt', 't.txt']);
  assert.equal((await h.ws('GET', `/files/${temporary.body.file_id}`)).body, 'gone soon');
  h.advance(24 * 3600 + 1);
  await h.drain();
  assert.equal((await h.ws('GET', `/files/${temporary.body.file_id}`)).status, 404, 'LIF.16');
  assert.equal((await h.server.objects.list('', { limit: 10 })).length, 1);
});

test('LIF.6: of fifty racers with FAIL exactly one gets the name', async (t) => {
  const h = await startHarness(t);
  const race = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      h.uploadFile('prize.txt', `racer ${index}`, null, '?write_mode=FAIL'),
    ),
  );
  assert.equal(race.filter((answer) => answer.status === 201).length, 1);
  assert.equal(race.filter((answer) => answer.status === 409).length, 49);
  assert.deepEqual(await names(h), ['prize.txt']);
});

test('LIF.6: readers of a file that is overwritten see old or new, never neither', async (t) => {
  const h = await startHarness(t);
  const { body } = await h.uploadFile('a.txt', 'content 0');
  let writing = true;
  const write = async () => {
    for (let round = 1; round <= 40; round++) {
      await h.uploadFile('a.txt', `content ${round}`, { round }, '?write_mode=OVERWRITE');
    }
    writing = false;
  };
  const read = async () => {
    let reads = 0;
    for (; writing; reads++) {
      const answer = await h.ws('GET', `/files/${body.file_id}`);
      assert.equal(answer.status, 200);
      assert.match(answer.body, /^content \d+$/);
    }
    return reads;
  };
  const [, reads] = await Promise.all([write(), read()]);
  assert.ok(reads > 0);
});

test('listing: name, filter, both cursors, sorts, pages', async (t) => {
  const h = await startHarness(t);
  for (let index = 0; index < 15; index++) {
    await h.uploadFile(`example${index}.txt`, 'x'.repeat(index + 1), {
      find: index === 0 ? 'me' : 'other',
      n: index,
    });
  }
  const list = async (query: string) => (await h.ws('GET', `/files?${query}`)).body;
  const found = await list(`name=example0.txt&filter=${encodeURIComponent("find eq 'me' ")}&limit=10`);
  assert.deepEqual([found.total, found.has_more, found.data[0].meta], [1, false, { find: 'me', n: 0 }]);
  assert.equal((await list('filter=n+ge+10+and+n+lt+12')).total, 2);

  const seen: string[] = [];
  let query = 'limit=11';
  for (;;) {
    const page = await list(query);
    assert.equal(page.total, 15);
    seen.push(...page.data.map((file: { name: string }) => file.name));
    if (!page.has_more) break;
    const last = page.data.at(-1);
    query = `limit=11&after_value=${encodeURIComponent(last.created_at.replace('Z', '+00:00'))}&after_file_id=${last.file_id}`;
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 15 }, (_, index) => `example${index}.txt`),
  );
  assert.equal((await list('field=name&order=DESC&limit=1')).data[0].name, 'example9.txt');
  assert.equal((await list('limit=4&page_number=4')).data.length, 3);
  const byName = await list('field=name&limit=2');
  const after = byName.data[1];
  assert.equal(
    (await list(`field=name&limit=1&after_value=${after.name}&after_file_id=${after.file_id}`)).data[0].name,
    'example10.txt',
  );

  const wrong: [string, string][] = [
    ['filter=n+eq', 'filter'],
    ['filter=%28n+eq+1', 'filter'],
    ['after_value=2022-01-01', 'after_file_id'],
    [`after_file_id=${after.file_id}`, 'after_value'],
    [`after_value=2027-02-30T00:00:00Z&after_file_id=${after.file_id}`, 'after_value'],
    [`after_value=2027-02-28T24:00:00Z&after_file_id=${after.file_id}`, 'after_value'],
    ['filter=created_at+ge+2027-02-30', 'filter'],
    [`after_value=soon&after_file_id=${after.file_id}`, 'after_value'],
    ['order=up', 'order'],
    ['limit=0', 'limit'],
  ];
  for (const [bad, field] of wrong) {
    const { status, body } = await h.ws('GET', `/files?${bad}`);
    assert.equal(status, 422, bad);
    assert.deepEqual(body.detail[0].loc, ['query', field]);
  }
});

test('totals follow every change, kept or not', async (t) => {
  const h = await startHarness(t);
  const total = async () => (await h.ws('GET', '/files?filter=kind+eq+%27a%27')).body.total;
  assert.equal(await total(), 0);
  const { body } = await h.uploadFile('1', 'x', { kind: 'a' });
  assert.equal(await total(), 1);
  await h.uploadFile('2', 'x', { kind: 'b' });
  assert.equal(await total(), 1);
  await h.ws('PUT', `/files/${body.file_id}/meta`, { kind: 'c' });
  assert.equal(await total(), 0);
  await h.ws('PUT', `/files/${body.file_id}/meta`, { kind: 'a' });
  assert.equal(await total(), 1);
  await h.ws('DELETE', `/files/${body.file_id}`);
  assert.equal(await total(), 0);
});

test('NAM.8: content comes as a harmless download, whole or in ranges', async (t) => {
  const h = await startHarness(t);
  const name = 'evil "quotes" ü.html';
  const { body } = await h.uploadFile(name, '<script>0123456789</script>');
  const get = async (headers: Record<string, string> = {}, method = 'GET') =>
    answerOf(
      await fetch(`${h.server.url}/api/v1/workspaces/default/files/${body.file_id}`, {
        method,
        headers: { authorization: `Bearer ${API_KEY}`, ...headers },
      }),
    );
  const whole = await get();
  assert.equal(whole.body, '<script>0123456789</script>');
  assert.equal(whole.headers.get('content-length'), '27');
  assert.equal(whole.headers.get('x-content-type-options'), 'nosniff');
  assert.match(whole.headers.get('content-security-policy') ?? '', /sandbox/);
  assert.equal(whole.headers.get('content-type'), 'application/octet-stream');
  assert.match(
    whole.headers.get('content-disposition') ?? '',
    /^attachment; filename=".*"; filename\*=UTF-8''evil%20%22quotes%22%20%C3%BC\.html$/i,
  );
  const etag = whole.headers.get('etag') ?? '';
  assert.match(etag, /^"[0-9a-f]+"$/);

  const ranges: [string, number, string, string | null][] = [
    ['bytes=8-17', 206, '0123456789', 'bytes 8-17/27'],
    ['bytes=-9', 206, '</script>', 'bytes 18-26/27'],
    ['bytes=18-', 206, '</script>', 'bytes 18-26/27'],
    ['bytes=0-999', 206, '<script>0123456789</script>', 'bytes 0-26/27'],
    ['bytes=27-', 416, '', 'bytes */27'],
    ['bytes=0-1,5-6', 200, '<script>0123456789</script>', null],
    ['lines=1-2', 200, '<script>0123456789</script>', null],
    ['bytes=5-1', 416, '', 'bytes */27'],
  ];
  for (const [range, status, text, contentRange] of ranges) {
    const answer = await get({ range });
    assert.deepEqual([answer.status, answer.headers.get('content-range')], [status, contentRange], range);
    if (status !== 416) assert.equal(answer.body, text);
  }
  assert.equal((await get({ 'if-none-match': etag })).status, 304);
  assert.equal((await get({ 'if-none-match': `"other", W/${etag}` })).status, 304);
  assert.equal((await get({ range: 'bytes=0-0', 'if-range': etag })).status, 206);
  assert.equal((await get({ range: 'bytes=0-0', 'if-range': '"other"' })).status, 200);
  const head = await get({}, 'HEAD');
  assert.deepEqual([head.status, head.body, head.headers.get('content-length')], [200, '', '27']);
});

test('metadata: read, change, delete keys, change many; MET.6: no other file is touched', async (t) => {
  const h = await startHarness(t);
  const a = (await h.uploadFile('a', 'x', { keep: 1, drop: 2, deep: { x: [1, 2] } })).body.file_id;
  const b = (await h.uploadFile('a', 'x', { keep: 9 })).body.file_id;
  const meta = async (id: string) => (await h.ws('GET', `/files/${id}/meta`)).body;
  const put = await h.ws('PUT', `/files/${a}/meta`, { drop: null, add: ['y'] });
  assert.deepEqual([put.status, put.body], [200, { keep: 1, deep: { x: [1, 2] }, add: ['y'] }]);
  assert.deepEqual((await h.ws('PATCH', `/files/${a}/meta`, { keep: 2 })).body.keep, 2);
  assert.deepEqual(await meta(b), { keep: 9 });

  const unknown = '00000000-0000-0000-0000-000000000000';
  const bulk = await h.ws('POST', '/files/update-meta', {
    [a]: { bulk: true },
    [unknown]: { x: 1 },
    [b]: { id: 'no' },
  });
  assert.equal(bulk.status, 200);
  assert.deepEqual([bulk.body.updated_count, bulk.body.failed_count], [1, 2]);
  assert.deepEqual(
    bulk.body.failed_files.map((file: { error_type: string }) => file.error_type),
    ['NOT_FOUND', 'BAD_REQUEST'],
  );
  assert.equal((await meta(a)).bulk, true);

  assert.equal((await h.ws('PUT', `/files/${a}/meta`, { _id: 1 })).status, 400);
  assert.equal((await h.ws('PUT', `/files/${a}/meta`, { big: 'x'.repeat(40_000) })).status, 413);
  assert.equal((await h.ws('PUT', `/files/${a}/meta`, '[1]')).status, 422);
  assert.equal((await h.ws('PUT', `/files/${unknown}/meta`, {})).status, 404);
  assert.equal((await h.ws('GET', '/files/not-a-uuid/meta')).status, 422);
});

test('deleting one file, files by name, all files', async (t) => {
  const h = await startHarness(t);
  for (const name of ['a', 'a', 'b', 'c', 'Gäste'.normalize('NFC')]) await h.uploadFile(name, 'x');
  const [first] = (await h.ws('GET', '/files')).body.data;
  assert.deepEqual(
    await h.ws('DELETE', `/files/${first.file_id}`).then(({ status, body }) => [status, body]),
    [200, {}],
  );
  assert.equal((await h.ws('DELETE', `/files/${first.file_id}`)).status, 404);
  const some = await h.ws('DELETE', '/files', { names: ['a', 'nothing', 'Gäste'.normalize('NFD')] });
  assert.deepEqual([some.status, some.body], [200, { deleted_count: 2 }]);
  assert.deepEqual(await names(h), ['b', 'c']);
  assert.deepEqual((await h.ws('DELETE', '/files', { names: [] })).body, { deleted_count: 0 });
  assert.equal(
    (await h.ws('DELETE', '/files')).status,
    422,
    'all files go only when that is what a body says',
  );
  assert.deepEqual((await h.ws('DELETE', '/files', {})).body, { deleted_count: 2 });
  await h.drain();
  assert.deepEqual(await h.server.objects.list('', { limit: 10 }), []);
});

test('MPF.7: a body refused before it has all come leaves its connection usable', async (t) => {
  const h = await startHarness(t);
  for (let attempt = 0; attempt < 8; attempt++) {
    const body = form(['meta', '{}'], ['meta', '{}'], ['file', 'x'.repeat(800_000), 'a.txt']);
    assert.equal((await post(h, body)).status, 400);
  }
  assert.equal((await h.uploadFile('a.txt', 'x')).status, 201);
});
