import assert from 'node:assert/strict';
import { test } from 'node:test';
import { API_KEY, type Harness, postFile, startHarness } from '../../../../testing/server/harness.ts';

const META = '{"tweet_id":1546130668394913822,"price":1.50,"big":1e5,"l":[-0,12345678901234567890]}';

/** An answer as it came, since a test that parses it would lose what is looked for. */
const textOf = async (h: Harness, method: string, path: string, body?: string) => {
  const response = await fetch(`${h.server.url}/api/v1/workspaces/default${path}`, {
    method,
    headers: {
      authorization: `Bearer ${API_KEY}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, text: await response.text() };
};

const upload = async (h: Harness, files: Record<string, string>): Promise<string> => {
  const { id, form } = await h.openSession();
  for (const [name, content] of Object.entries(files)) {
    assert.equal((await postFile(form, name, content)).status, 204, name);
  }
  assert.equal((await h.ws('PUT', `/upload_sessions/${id}`, {})).status, 204);
  await h.drain();
  return id;
};

const idOf = async (h: Harness, name: string): Promise<string> =>
  (await h.ws('GET', `/files?name=${name}`)).body.data[0].file_id;

const namesOf = async (h: Harness, filter: string): Promise<string[]> => {
  const { status, body } = await h.ws('GET', `/files?limit=100&filter=${encodeURIComponent(filter)}`);
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.total, body.data.length);
  return body.data.map(({ name }: { name: string }) => name).sort();
};

test('a number comes back in the text it was sent in, whatever the road', async (t) => {
  const h = await startHarness(t);
  await upload(h, { 'a.txt': 'a', 'a.txt.meta.json': META });
  const form = new FormData();
  form.append('file', new Blob(['b']), 'b.txt');
  form.append('meta', META);
  const headers = { authorization: `Bearer ${API_KEY}` };
  const url = `${h.server.url}/api/v1/workspaces/default/files`;
  assert.equal((await fetch(url, { method: 'POST', headers, body: form })).status, 201);
  const [a, b] = [await idOf(h, 'a.txt'), await idOf(h, 'b.txt')];
  const list = await textOf(h, 'GET', '/files');
  assert.equal(list.text.split(`"meta":${META}`).length, 3, list.text);
  for (const id of [a, b]) assert.equal((await textOf(h, 'GET', `/files/${id}/meta`)).text, META);

  const patched = await textOf(h, 'PATCH', `/files/${a}/meta`, '{"price":2.00,"l":null,"n":{"m":0.10}}');
  const afterwards = '{"tweet_id":1546130668394913822,"price":2.00,"big":1e5,"n":{"m":0.10}}';
  assert.deepEqual(patched, { status: 200, text: afterwards });
  const bulk = await textOf(h, 'POST', '/files/update-meta', `{"${b}":{"big":null,"l":9007199254740993}}`);
  assert.equal(bulk.status, 200);
  assert.equal(
    (await textOf(h, 'GET', `/files/${b}/meta`)).text,
    '{"tweet_id":1546130668394913822,"price":1.50,"l":9007199254740993}',
  );
  assert.deepEqual(await namesOf(h, 'tweet_id eq 1546130668394913822'), ['a.txt', 'b.txt']);
  assert.deepEqual(await namesOf(h, 'tweet_id eq 1546130668394913821'), []);
  assert.deepEqual(await namesOf(h, 'l in (9007199254740992, 9007199254740993)'), ['b.txt']);
  assert.deepEqual(await namesOf(h, 'tweet_id gt 1546130668394913821 and price eq 2'), ['a.txt']);
  const { metadata_fields: fields } = (await h.call('GET', '/api/v1/workspaces/default')).body;
  assert.deepEqual(fields, {
    tweet_id: ['number'],
    price: ['number'],
    big: ['number'],
    'n.m': ['number'],
    l: ['number'],
  });
});

test('a number is refused by the name of its key, and where an object is expected', async (t) => {
  const h = await startHarness(t);
  const id = (await h.uploadFile('a.txt', 'a', { kept: 1 })).body.file_id;
  const long = `{"a":{"b":${'1'.repeat(41)}}}`;
  const refused = await textOf(h, 'PATCH', `/files/${id}/meta`, long);
  assert.equal(refused.status, 400);
  assert.match(refused.text, /number at \\"a\.b\\" is longer than 40 characters/);
  const bulk = await h.ws('POST', '/files/update-meta', `{"${id}":${long}}`);
  assert.match(bulk.body.failed_files[0].error_message, /"a\.b" is longer than 40/);
  for (const body of ['1.0', '12345678901234567890', `{"${id}":1e5}`]) {
    const path = body.startsWith('{') ? '/files/update-meta' : `/files/${id}/meta`;
    const { status, text } = await textOf(h, body.startsWith('{') ? 'POST' : 'PATCH', path, body);
    assert.equal(status, 422, text);
    assert.match(text, /valid dictionary/);
  }
  assert.equal((await textOf(h, 'GET', `/files/${id}/meta`)).text, '{"kept":1}');
  const session = await h.ws('POST', '/upload_sessions', '{"expires_in_seconds":3600.0}');
  assert.equal(session.status, 201, 'to others it is a number');
});

test('what is no JSON is named with its line and column, in sidecars and bodies', async (t) => {
  const h = await startHarness(t);
  const session = await upload(h, { 'a.txt': 'a', 'a.txt.meta.json': '{\n  "price": NaN\n}' });
  const { data } = (await h.ws('GET', `/upload_sessions/${session}/files`)).body;
  assert.deepEqual(
    [data[0].ingestion_status_reason, data[0].ingestion_status_message],
    ['FAILED_TO_PARSE_META', 'The metadata is not valid JSON (line 2, column 12): Expecting value.'],
  );
  const id = (await h.uploadFile('b.txt', 'b')).body.file_id;
  const body = await h.ws('PATCH', `/files/${id}/meta`, '{\n  "price": NaN\n}');
  assert.equal(body.status, 422);
  assert.deepEqual(body.body.detail, [
    {
      type: 'json_invalid',
      loc: ['body', 13],
      msg: 'JSON decode error',
      input: {},
      ctx: { error: 'Expecting value', line: 2, column: 12 },
    },
  ]);
});

test('times are compared as such, quoted ones as texts', async (t) => {
  const h = await startHarness(t);
  const times = {
    a: '2025-01-01T00:00:00Z',
    b: '2025-01-01T01:00:00+01:00',
    c: '2025-01-01T00:30:00+01:00',
    d: '2025-01-01T00:00:00.000001Z',
    e: '2025-01-01',
    f: '2025-01-01T00:00:00',
  };
  for (const [name, published] of Object.entries(times)) {
    await h.uploadFile(`${name}.txt`, name, { published, by: { seen: ['x', published] } });
  }
  const names = (letters: string) => [...letters].map((letter) => `${letter}.txt`);
  const cases: [string, string][] = [
    ['published ge 2025-01-01T00:00:00Z', 'abde'],
    ['published gt 2025-01-01T00:00:00Z', 'd'],
    ['published eq 2025-01-01T00:00:00.000Z', 'abe'],
    ['published ne 2024-12-31T19:00:00-05:00', 'cdf'],
    ['published lt 2025-01-01', 'c'],
    ['published le 2025-01-01', 'abce'],
    ['published in (2025-01-01, 2024-12-31T23:30:00Z)', 'abce'],
    ['by.seen ge 2025-01-01T00:00:00Z', 'abde'],
    ['not (by.seen eq 2025-01-01)', 'cdf'],
    ["published eq '2025-01-01T00:00:00Z'", 'a'],
    ["published ge '2025-01-01T00:00:00Z'", 'abc'],
    ["published in ('2025-01-01', 2024-12-31T23:30:00Z)", 'ce'],
    ["startswith(published, '2025-01-01T00:00:00')", 'adf'],
  ];
  for (const [filter, letters] of cases) assert.deepEqual(await namesOf(h, filter), names(letters), filter);
  const zoneless = await h.ws(
    'GET',
    `/files?filter=${encodeURIComponent('published ge 2025-01-01T00:00:00')}`,
  );
  assert.equal(zoneless.status, 422);
  assert.match(zoneless.body.detail[0].msg, /a time with seconds and zone .* or a quoted text/);
});

test('in bulk, an id is that of its file in either case, and both changes of a file are made', async (t) => {
  const h = await startHarness(t);
  const id: string = (await h.uploadFile('a.txt', 'a', { kept: 1, b: 1 })).body.file_id;
  const changes = { [id]: { b: 2, c: [1] }, [id.toUpperCase()]: { c: null, d: 3 }, UNKNOWN: {} };
  const { body } = await h.ws('POST', '/files/update-meta', changes);
  assert.equal(body.updated_count, 2);
  assert.deepEqual(
    body.failed_files.map((failed: { file_id: string }) => failed.file_id),
    ['UNKNOWN'],
  );
  assert.deepEqual((await h.ws('GET', `/files/${id}/meta`)).body, { kept: 1, b: 2, d: 3 });
});
