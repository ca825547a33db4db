import assert from 'node:assert/strict';
import { test } from 'node:test';
import { md5 } from '../../../../../testing/objects/bytes.ts';
import { customForm } from './custom-form.ts';
import { BUCKET, PREFIX, startFormServer } from './form-server.ts';
import { element, post } from './raw-http.ts';

test('an upload is answered 204 with its etag and its address', async (t) => {
  const server = await startFormServer(t);
  const answer = await post(t, server.form, { filename: "Gäste (1)'.txt", content: 'hello' });
  assert.equal(answer.status, 204);
  assert.equal(answer.body, '');
  assert.equal(answer.headers.get('etag'), `"${md5(Buffer.from('hello'))}"`);
  assert.equal(answer.headers.get('location'), `${server.form.url}${PREFIX}G%C3%A4ste%20%281%29%27.txt`);
  assert.deepEqual(await server.names(), ["Gäste (1)'.txt"]);
  assert.deepEqual(server.told, [5]);
});

test('success_action_status chooses between 200, 201 and 204', async (t) => {
  const server = await startFormServer(t);
  for (const [asked, status] of [
    ['200', 200],
    ['201', 201],
    ['204', 204],
    ['404', 204],
    ['307', 204],
    ['', 204],
    ['abc', 204],
  ] as const) {
    const answer = await post(t, server.form, { fields: [['success_action_status', asked]] });
    assert.equal(answer.status, status, asked);
    assert.equal(answer.body !== '', status === 201, asked);
  }
});

test('201 comes with an XML document, in which names are only text', async (t) => {
  const server = await startFormServer(t);
  const key = `${PREFIX}<a>&'\u0001.txt`;
  const form = { ...server.form, fields: { ...server.form.fields, key } };
  const answer = await post(t, form, { fields: [['success_action_status', '201']] });
  assert.equal(answer.headers.get('content-type'), 'application/xml');
  assert.equal(element(answer, 'Bucket'), BUCKET);
  assert.equal(element(answer, 'Key'), `${PREFIX}&lt;a&gt;&amp;&apos;\ufffd.txt`);
  assert.equal(element(answer, 'ETag'), `&quot;${md5(Buffer.from('content'))}&quot;`);
  assert.equal(element(answer, 'Location'), `${server.form.url}${PREFIX}%3Ca%3E%26%27%01.txt`);
});

test('a redirect is followed up with what was stored, if it is an http address', async (t) => {
  const server = await startFormServer(t);
  const result = `bucket=${BUCKET}&key=${encodeURIComponent(`${PREFIX}a.txt`)}&etag=%22${md5(Buffer.from('content'))}%22`;
  const cases: [string, string, string | undefined][] = [
    ['success_action_redirect', 'http://example.com/done', `http://example.com/done?${result}`],
    [
      'success_action_redirect',
      'https://example.com/?a=b%20c+d#end',
      `https://example.com/?a=b%20c+d&${result}#end`,
    ],
    ['redirect', 'http://example.com/', `http://example.com/?${result}`],
    ['success_action_redirect', 'javascript:alert(1)', undefined],
    ['success_action_redirect', '//example.com/', undefined],
    ['success_action_redirect', 'http://', undefined],
    ['success_action_redirect', '', undefined],
  ];
  for (const [field, url, location] of cases) {
    const form = await customForm(server, {
      conditions: [['starts-with', `$${field}`, '']],
      fields: { [field]: url },
    });
    const answer = await post(t, form);
    assert.equal(answer.status, location === undefined ? 204 : 303, url);
    if (location !== undefined) assert.equal(answer.headers.get('location'), location);
  }
  const injection = await customForm(server, {
    conditions: [['starts-with', '$redirect', '']],
    fields: { redirect: 'http://example.com/\r\nX-Evil: 1' },
  });
  const answer = await post(t, injection);
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.has('x-evil'), false);
});

test('an error is XML in the shape of S3, and its words are on the status line as well', async (t) => {
  const server = await startFormServer(t);
  const answer = await post(t, server.form, { fields: [['acl\u00e9<x>', 'public-read']] });
  assert.equal(answer.status, 403);
  assert.equal(answer.reason, 'AccessDenied: Invalid according to Policy: Extra input fields: "acl?<x>"');
  assert.equal(answer.headers.get('content-type'), 'application/xml');
  assert.equal(element(answer, 'Code'), 'AccessDenied');
  assert.equal(
    element(answer, 'Message'),
    'Invalid according to Policy: Extra input fields: &quot;acl\u00e9&lt;x&gt;&quot;',
  );
  assert.match(element(answer, 'RequestId') ?? '', /^[0-9A-F]{16}$/);
  assert.equal(answer.headers.get('x-amz-request-id'), element(answer, 'RequestId'));
  assert.ok(element(answer, 'HostId'));
  assert.deepEqual(server.told, ['AccessDenied']);
});

test('pages of configured origins may read the answers, and no others', async (t) => {
  const page = 'https://app.example.com';
  for (const [corsOrigins, origin, allowed] of [
    ['*', page, '*'],
    [[page, 'https://b.example.com'], page, page],
    [['https://b.example.com'], page, undefined],
    [[], page, undefined],
    [[page], 'https://app.example.com.evil.com', undefined],
    [[page], 'null', undefined],
  ] as const) {
    const server = await startFormServer(t, { endpoint: { corsOrigins } });
    const broken = await customForm(server, { document: {} });
    for (const answer of [
      await post(t, server.form, { headers: { Origin: origin } }),
      await post(t, broken, { headers: { Origin: origin } }),
    ]) {
      assert.equal(answer.headers.get('access-control-allow-origin'), allowed);
      assert.equal(answer.headers.has('access-control-allow-credentials'), false);
      if (allowed) assert.match(answer.headers.get('access-control-expose-headers') ?? '', /ETag/);
    }
    const preflight = await fetch(server.form.url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-requested-with',
      },
    });
    assert.equal(preflight.status, allowed === undefined ? 403 : 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), allowed ?? null);
    if (allowed) assert.equal(preflight.headers.get('access-control-allow-methods'), 'POST');
  }
});

test('POL.13: only POST to the bucket itself is taken', async (t) => {
  const server = await startFormServer(t);
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
    const response = await fetch(server.form.url, { method });
    assert.equal(response.status, 405, method);
    assert.equal(response.headers.get('allow'), 'POST, OPTIONS');
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.match(await response.text(), /<Code>MethodNotAllowed<\/Code>/);
  }
  assert.equal((await fetch(server.form.url, { method: 'HEAD' })).status, 405);
  for (const path of [`/${BUCKET}/key`, `/${BUCKET}?delete`, `/${BUCKET}/?uploads`, `/${BUCKET}//`, '/']) {
    const form = { ...server.form, url: `http://127.0.0.1:${server.port}/` };
    const body = new FormData();
    for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
    body.append('file', new Blob(['x']), 'a.txt');
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method: 'POST', body });
    assert.equal(response.status, 405, path);
  }
  assert.deepEqual(await server.names(), []);
  const bare = await fetch(server.form.url.replace(/\/$/, ''), { method: 'POST', body: 'x' });
  assert.equal(bare.status, 400, 'the slash after the bucket is free');
});
