import assert from 'node:assert/strict';
import { test } from 'node:test';
import { API_KEY, answerOf, type Harness, startHarness } from '../../../../testing/server/harness.ts';
import { kindsOfKey, operatorKey } from './kinds-of-key.ts';

const NOBODY = '00000000-0000-7000-8000-000000000000';

/** Every route of the API, and the permissions of which one is enough; `all`: and no limit to some workspaces. */
const SESSIONS = '/api/v1/workspaces/:workspace_name/upload_sessions';
const FILES = '/api/v1/workspaces/:workspace_name/files';
const ANY = 'sessions:write files:read files:write admin';
const ROUTES: Record<string, string> = {
  [`POST ${SESSIONS}`]: 'sessions:write',
  [`GET ${SESSIONS}`]: 'sessions:write files:read',
  [`GET ${SESSIONS}/:session_id`]: 'sessions:write files:read',
  [`GET ${SESSIONS}/:session_id/files`]: 'sessions:write files:read',
  [`PUT ${SESSIONS}/:session_id`]: 'sessions:write',
  [`GET ${FILES}`]: 'files:read',
  [`POST ${FILES}`]: 'files:write',
  [`DELETE ${FILES}`]: 'files:write',
  [`GET ${FILES}/:file_id`]: 'files:read',
  [`DELETE ${FILES}/:file_id`]: 'files:write',
  [`GET ${FILES}/:file_id/meta`]: 'files:read',
  [`PUT ${FILES}/:file_id/meta`]: 'files:write',
  [`PATCH ${FILES}/:file_id/meta`]: 'files:write',
  [`POST ${FILES}/update-meta`]: 'files:write',
  'GET /api/v1/workspaces': ANY,
  'POST /api/v1/workspaces': 'admin all',
  'GET /api/v1/workspaces/:workspace_name': ANY,
  'DELETE /api/v1/workspaces/:workspace_name': 'admin',
  'GET /api/v1/workspaces/:workspace_name/stats': 'files:read',
  'GET /api/v1/token': 'files:read files:write admin',
  'POST /api/v1/token': 'files:write admin',
  'DELETE /api/v1/token/:api_token_id': 'files:write admin',
  'GET /api/v1/me': ANY,
  'GET /api/v1/users': ANY,
  'GET /api/v1/users/:user_id': ANY,
  'GET /api/v1/organization': ANY,
};

/** What may be asked of the store for a request that is refused: who asks, and which workspace it is about. */
const TO_REFUSE = ['accounts.tokenByHash', 'accounts.user', 'accounts.organization', 'workspaces.byName'];

/** Notes every call to the store and to the objects from now on. */
const noteCalls = ({ store, objects }: Harness['server']): string[] => {
  const calls: string[] = [];
  const note = (of: object, name: string): void => {
    const methods = of as Record<string, unknown>;
    for (const [method, run] of Object.entries(methods)) {
      if (typeof run !== 'function') continue;
      methods[method] = (...args: unknown[]) => {
        calls.push(`${name}.${method}`);
        return run.apply(of, args);
      };
    }
  };
  for (const [name, reader] of Object.entries(store.read)) note(reader, name);
  note(store, 'store');
  note(objects, 'objects');
  return calls;
};

test('AUT.1, AUT.3: every route refuses every kind of key that has no business there', async (t) => {
  const h = await startHarness(t, { work: false });
  const kinds = await kindsOfKey(h);
  const limited = Object.keys(kinds).filter((kind) => /where$|of here$/.test(kind));
  const calls = noteCalls(h.server);
  const seen = new Set<string>();
  const routes = h.server.routes().filter(({ method, url }) => method !== 'OPTIONS' && /^\/api\//.test(url));
  assert.deepEqual(
    [...new Set(routes.map(({ method, url }) => `${method.replace('HEAD', 'GET')} ${url}`))].sort(),
    Object.keys(ROUTES).sort(),
  );

  for (const { method, url } of routes) {
    const needs = (ROUTES[`${method.replace('HEAD', 'GET')} ${url}`] ?? '').split(' ');
    const path = url
      .replace(':workspace_name', 'default')
      .replace(/:(session_id|file_id|user_id|api_token_id)/g, NOBODY);
    for (const [kind, { key, may, reaches }] of Object.entries(kinds)) {
      const name = `${method} ${url} with ${kind}`;
      const permitted =
        may?.some((one) => needs.includes(one)) && !(needs.includes('all') && limited.includes(kind));
      const refusal =
        may === null ? 401 : !permitted ? 403 : url.includes(':workspace_name') && !reaches ? 404 : null;
      // What would be done for good is tried further down.
      if (refusal === null && method === 'DELETE' && url.endsWith(':workspace_name')) continue;
      calls.length = 0;
      const { status } = await h.call(method, path, undefined, key);
      for (const call of calls) seen.add(call);
      if (refusal === null) assert.ok(![401, 403, 405, 500].includes(status), `${name}: ${status}`);
      else {
        assert.equal(status, refusal, name);
        assert.deepEqual(
          calls.filter((call) => !TO_REFUSE.includes(call)),
          [],
          name,
        );
      }
    }
  }
  for (const call of ['files.list', 'sessions.list', 'store.write'])
    assert.ok(seen.has(call), `${call} is noted`);
  const here = kinds['an administrator of here']?.key ?? null;
  assert.equal((await h.call('DELETE', '/api/v1/workspaces/default', undefined, here)).status, 204);
});

test('a route that says not whom it serves serves nobody; what is public is no part of the API', async (t) => {
  const h = await startHarness(t);
  for (const { method, url, permission } of h.server.routes()) {
    if (method === 'OPTIONS') continue;
    assert.notEqual(permission, undefined, `${method} ${url} says whom it serves`);
    if (permission === 'public') assert.doesNotMatch(url, /^\/api\//);
  }
});

test('AUT.2: what is in another workspace or organization is not found, as if it did not exist', async (t) => {
  const h = await startHarness(t);
  await h.call('POST', '/api/v1/workspaces', { name: 'other' });
  const { body } = await h.uploadFile('a.txt', 'secret');
  const { id } = await h.openSession();
  const limited = (await h.call('POST', '/api/v1/token', { workspaces: ['other'] })).body.api_token;
  const foreign = await operatorKey(h, '--organization', 'foreign', '--role', 'ADMIN');
  const unknown = await h.call('GET', `/api/v1/workspaces/other/files/${NOBODY}`);
  for (const path of [`/files/${body.file_id}`, `/files/${body.file_id}/meta`]) {
    const answer = await h.call('GET', `/api/v1/workspaces/other${path}`);
    assert.deepEqual([answer.status, answer.body], [unknown.status, unknown.body]);
  }
  assert.equal((await h.call('GET', `/api/v1/workspaces/other/upload_sessions/${id}`)).status, 404);
  assert.equal((await h.call('PUT', `/api/v1/workspaces/other/upload_sessions/${id}`, {})).status, 404);
  for (const key of [limited, foreign]) {
    const there = await h.call('GET', '/api/v1/workspaces/default/files', undefined, key);
    const nowhere = await h.call('GET', '/api/v1/workspaces/nowhere/files', undefined, key);
    assert.deepEqual([there.status, there.body], [404, nowhere.body]);
  }
  assert.deepEqual(
    (await h.call('GET', '/api/v1/workspaces', undefined, limited)).body.map((w: { name: string }) => w.name),
    ['other'],
  );
  assert.deepEqual((await h.call('GET', '/api/v1/workspaces', undefined, foreign)).body, []);
});

test('keys: shown once, kept as a hash, expire, are revoked, cannot give more than they have', async (t) => {
  const h = await startHarness(t);
  const created = await h.call('POST', '/api/v1/token', {
    name: 'ci',
    expires_at: '2099-05-12T12:25:09+02:00',
  });
  assert.equal(created.status, 200);
  assert.match(created.body.api_token, /^api_[\w-]{43}$/);
  const key = created.body.api_token;
  assert.equal((await h.call('GET', '/api/v1/me', undefined, key)).status, 200);
  const { data, total } = (await h.call('GET', '/api/v1/token')).body;
  assert.equal(total, 2);
  assert.deepEqual(
    [data[0].name, data[0].expires_at, data[0].organization_role],
    ['ci', '2099-05-12T10:25:09.000000Z', 'MEMBER'],
  );
  assert.ok(!JSON.stringify(data).includes(key.slice(4)));

  const brief = (
    await h.call('POST', '/api/v1/token', { expires_at: new Date(Date.now() + 60_000).toISOString() })
  ).body.api_token;
  assert.equal((await h.call('GET', '/api/v1/me', undefined, brief)).status, 200);
  h.advance(61);
  assert.equal((await h.call('GET', '/api/v1/me', undefined, brief)).status, 401);
  assert.equal((await h.call('POST', '/api/v1/token', { expires_at: '2020-01-01T00:00:00Z' })).status, 422);
  assert.equal((await h.call('POST', '/api/v1/token', { expires_at: 'soon' })).status, 422);
  assert.equal((await h.call('POST', '/api/v1/token', { workspaces: ['nowhere'] })).status, 422);

  assert.equal((await h.call('POST', '/api/v1/token', { organization_role: 'ADMIN' }, key)).status, 403);
  assert.equal((await h.call('POST', '/api/v1/token', { personal: false }, key)).status, 403);
  assert.equal((await h.call('POST', '/api/v1/token', {}, key)).status, 200);

  const service = (await h.call('POST', '/api/v1/token', { personal: false, name: 'robot' })).body.api_token;
  const robot = (await h.call('GET', '/api/v1/me', undefined, service)).body;
  assert.deepEqual([robot.given_name, robot.family_name], ['Service', 'robot']);

  const id = data[0].api_token_id;
  assert.deepEqual((await h.call('DELETE', `/api/v1/token/${id}`)).status, 200);
  assert.equal((await h.call('GET', '/api/v1/me', undefined, key)).status, 401);
  assert.equal((await h.call('DELETE', `/api/v1/token/${id}`)).status, 404);
});

test('the header takes Bearer in any letter case, and nothing else', async (t) => {
  const h = await startHarness(t);
  const status = async (authorization: string) =>
    (await fetch(`${h.server.url}/api/v1/me`, { headers: { authorization } })).status;
  assert.equal(await status(`bearer ${API_KEY}`), 200);
  for (const header of [API_KEY, `Basic ${API_KEY}`, 'Bearer', `Bearer ${API_KEY} x`, `Bearer ${API_KEY}x`]) {
    assert.equal(await status(header), 401, header);
  }
  const refused = await fetch(`${h.server.url}/api/v1/me`);
  assert.equal(refused.headers.get('www-authenticate'), 'Bearer');
  assert.deepEqual(await refused.json(), { detail: 'Not authenticated', code: 'NOT_AUTHENTICATED' });
});

test('AUT.10: metrics are for the key of the operator, and for no page of another origin', async (t) => {
  const h = await startHarness(t);
  const kinds = await kindsOfKey(h);
  for (const [kind, { key, may }] of Object.entries(kinds)) {
    const ofOperator = kind === 'an administrator' || kind === 'one that only administers';
    const expected = may === null ? 401 : ofOperator ? 200 : 403;
    assert.equal((await h.call('GET', '/metrics', undefined, key)).status, expected, kind);
  }
  for (const [method, path] of [
    ['GET', '/metrics'],
    ['GET', '/%6Detrics'],
    ['GET', '/health'],
    ['GET', '/ready'],
    ['OPTIONS', '/metrics'],
    ['OPTIONS', '/health'],
    ['OPTIONS', '/live'],
    ['OPTIONS', '/%72eady?a'],
  ] as const) {
    const headers = {
      origin: 'https://page.example',
      authorization: `Bearer ${API_KEY}`,
      'access-control-request-method': 'GET',
    };
    const answer = await fetch(h.server.url + path, { method, headers });
    assert.equal(answer.status, method === 'GET' ? 200 : 405, `${method} ${path}`);
    if (method === 'OPTIONS') {
      assert.equal(answer.headers.get('allow'), 'GET, HEAD');
      assert.deepEqual(await answer.json(), { detail: 'Method Not Allowed', code: 'METHOD_NOT_ALLOWED' });
    }
    const admitting = [...answer.headers.keys()].filter((name) => name.startsWith('access-control'));
    assert.deepEqual(admitting, [], `${method} ${path}`);
  }
  const page = { origin: 'https://page.example', authorization: `Bearer ${API_KEY}` };
  const api = await fetch(`${h.server.url}/api/v1/me`, { headers: page });
  assert.equal(api.headers.get('access-control-allow-origin'), '*');
});

test('SLUICE_METRICS: open to everybody, or not there', async (t) => {
  for (const [access, status] of [
    ['open', 200],
    ['off', 404],
  ] as const) {
    const h = await startHarness(t, { env: { SLUICE_METRICS: access } });
    assert.equal((await h.call('GET', '/metrics', undefined, null)).status, status, access);
    assert.equal((await h.call('GET', '/metrics')).status, status, access);
    await h.close();
  }
});

test('AUT.5: no address of the caller and no header opens anything, and no URL follows the Host header', async (t) => {
  const h = await startHarness(t);
  const claims = {
    'x-forwarded-for': '127.0.0.1',
    'x-real-ip': '127.0.0.1',
    forwarded: 'for=127.0.0.1',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    'x-original-url': '/health',
    'x-http-method-override': 'DELETE',
  };
  for (const { method, url, permission } of h.server.routes()) {
    if (permission === 'public' || method === 'OPTIONS') continue;
    for (const headers of [{}, claims]) {
      const path = url.replace(':workspace_name', 'default').replace(/:[a-z_]+/g, NOBODY);
      assert.equal((await fetch(h.server.url + path, { method, headers })).status, 401, `${method} ${url}`);
    }
  }
  const created = await fetch(`${h.server.url}/api/v1/workspaces/default/upload_sessions`, {
    method: 'POST',
    headers: { ...claims, authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
    body: '{}',
  });
  const { body } = await answerOf(created);
  assert.equal(body.aws_prefixed_request_config.url, h.formUrl);
});

test('a plan without upload sessions is answered 402', async (t) => {
  const h = await startHarness(t);
  const key = await operatorKey(h, '--organization', 'thrifty', '--plan', '0', '--role', 'ADMIN');
  assert.equal((await h.call('POST', '/api/v1/workspaces', { name: 'free' }, key)).status, 201);
  const answer = await h.call('POST', '/api/v1/workspaces/free/upload_sessions', {}, key);
  assert.equal(answer.status, 402);
  assert.match(answer.body.detail, /plan/);
});
