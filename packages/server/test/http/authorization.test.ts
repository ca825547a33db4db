import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createToken } from '../../src/commands/token.ts';
import { readConfig } from '../../src/config.ts';

import { API_KEY, answerOf, type Harness, startHarness } from '../harness.ts';

const NOBODY = '00000000-0000-7000-8000-000000000000';

/** A request that would do harm if it were let through. */
const concrete = (url: string): string =>
  url
    .replace(':workspace_name', 'default')
    .replace(/:(session_id|file_id|user_id|api_token_id)/g, NOBODY)
    .replace('*', 'x');

const otherOrganization = async (h: Harness, ...args: string[]): Promise<string> => {
  const result = readConfig(h.storageSettings);
  if ('problems' in result) throw new Error(result.problems.join());
  return createToken(result.config, args);
};

test('AUT.1, AUT.3: every route refuses whoever has no business there', async (t) => {
  const h = await startHarness(t);
  const member = await otherOrganization(h, '--email', 'member@example.org', '--role', 'MEMBER');
  const reader = await otherOrganization(h, '--email', 'reader@example.org', '--role', 'EXTERNAL');
  const foreigner = await otherOrganization(h, '--organization', 'other', '--role', 'ADMIN');
  const routes = h.server.routes();
  assert.ok(routes.length > 30);
  const rank = { EXTERNAL: ['read'], MEMBER: ['read', 'write'] };

  for (const { method, url, permission } of routes) {
    if (method === 'OPTIONS') continue;
    const name = `${method} ${url}`;
    assert.notEqual(permission, undefined, `${name} says whom it serves`);
    const ask = async (key: string | null) => (await h.call(method, concrete(url), undefined, key)).status;
    if (permission === 'public' || permission === 'local') {
      assert.doesNotMatch(url, /^\/api\//, `${name} is no part of the API`);
      continue;
    }
    assert.equal(await ask(null), 401, `${name} without a key`);
    assert.equal(await ask('api_wrong_key_0123456789'), 401, `${name} with an unknown key`);
    for (const [role, key] of [
      ['EXTERNAL', reader],
      ['MEMBER', member],
    ] as const) {
      const status = await ask(key);
      if (rank[role].includes(permission as string)) assert.notEqual(status, 403, `${name} as ${role}`);
      else assert.equal(status, 403, `${name} as ${role}`);
    }
    if (url.includes(':workspace_name')) {
      const status = await ask(foreigner);
      assert.ok(
        status === 404 || status === 415 || status === 422,
        `${name} from another organization: ${status}`,
      );
    }
  }
});

test('AUT.2: what is in another workspace or organization is not found, as if it did not exist', async (t) => {
  const h = await startHarness(t);
  await h.call('POST', '/api/v1/workspaces', { name: 'other' });
  const { body } = await h.uploadFile('a.txt', 'secret');
  const { id } = await h.openSession();
  const limited = (await h.call('POST', '/api/v1/token', { workspaces: ['other'] })).body.api_token;
  const foreign = await otherOrganization(h, '--organization', 'foreign', '--role', 'ADMIN');
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

test('AUT.5, AUT.10: metrics are for this machine or an administrator, and no URL follows the Host header', async (t) => {
  const h = await startHarness(t);
  const get = (path: string, headers: Record<string, string> = {}) => fetch(h.server.url + path, { headers });
  assert.equal((await get('/metrics')).status, 200);
  assert.equal((await get('/metrics', { 'x-forwarded-for': '10.0.0.1' })).status, 401);
  assert.equal(
    (await get('/metrics', { 'x-forwarded-for': '1.2.3.4', authorization: `Bearer ${API_KEY}` })).status,
    200,
  );
  const created = await fetch(`${h.server.url}/api/v1/workspaces/default/upload_sessions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${API_KEY}`,
      'content-type': 'application/json',
      'x-forwarded-host': 'evil.example',
    },
    body: '{}',
  });
  const { body } = await answerOf(created);
  assert.equal(body.aws_prefixed_request_config.url, h.formUrl);
});

test('a plan without upload sessions is answered 402', async (t) => {
  const h = await startHarness(t);
  const key = await otherOrganization(h, '--organization', 'thrifty', '--plan', '0', '--role', 'ADMIN');
  assert.equal((await h.call('POST', '/api/v1/workspaces', { name: 'free' }, key)).status, 201);
  const answer = await h.call('POST', '/api/v1/workspaces/free/upload_sessions', {}, key);
  assert.equal(answer.status, 402);
  assert.match(answer.body.detail, /plan/);
});
