import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHarness } from '../../../../testing/server/harness.ts';

const HEADER = 'sluice-ignored-query';

test('every route names what it does not know of a query, whatever it answers', async (t) => {
  const h = await startHarness(t);
  const nobody = '00000000-0000-0000-0000-000000000000';
  for (const { method, url } of h.server.routes()) {
    if (method === 'OPTIONS') continue;
    const path = url.replace(':workspace_name', 'nowhere').replace(/:[a-z_]+/g, nobody);
    const { headers, status } = await h.call(method, `${path}?limt=5&Limit=5`);
    assert.equal(headers.get(HEADER), 'limt, Limit', `${method} ${url}: ${status}`);
  }
  const { headers } = await h.call('GET', '/api/v1/me?x=1', undefined, null);
  assert.equal(headers.get(HEADER), 'x', 'also of who has no key');
  assert.equal((await h.call('GET', '/api/v1/nothing?x=1')).headers.get(HEADER), null, 'no route');
});

test('what is known and given once is not named; what is given twice is', async (t) => {
  const h = await startHarness(t);
  for (const [query, named] of [
    ['', null],
    ['?', null],
    ['?limit=5&page_number=1&name=a&filter=&order=DESC&field=name', null],
    ['?limit=5&limit=6', 'limit'],
    ['?limit=0&limt=6', 'limt'],
    ['?limt=1&limt=2&limit=3', 'limt'],
    ['?&&=5&', null],
    ['?__proto__=1&constructor=2&toString', '__proto__, constructor, toString'],
    ['?a%2Cb=1&gr%C3%BCn=2&c+d=3&%0D%0Ax=4&%FF=5', 'a%2Cb, gr%C3%BCn, c%20d, %0D%0Ax, %EF%BF%BD'],
    [`?${'ü'.repeat(41)}=1&${'x'.repeat(40)}=1`, `${'%C3%BC'.repeat(40)}..., ${'x'.repeat(40)}`],
  ] as const) {
    const { headers } = await h.ws('GET', `/files${query}`);
    assert.equal(headers.get(HEADER), named, query);
  }
  assert.equal((await h.ws('GET', '/files?limit=1&limit=x')).status, 422, 'the last one counts');
  assert.equal((await h.ws('GET', '/files?limit=x&limit=1')).status, 200);

  const many = Array.from({ length: 1500 }, (_, at) => `n${at}=`).join('&');
  const header = (await h.ws('GET', `/files?${many}`)).headers.get(HEADER) ?? '';
  assert.match(header, /^n0, n1, .*, n\d+, \.\.\.$/);
  assert.ok(header.length <= 1005, `${header.length}`);
});

test('pages of other origins see it', async (t) => {
  const h = await startHarness(t);
  const answer = await fetch(`${h.server.url}/api/v1/me?x=1`, { headers: { origin: 'https://example.com' } });
  assert.match(answer.headers.get('access-control-expose-headers') ?? '', /sluice-ignored-query/);
});
