import assert from 'node:assert/strict';
import { test } from 'node:test';
import { API_KEY, type Harness, postFile, startHarness } from '../../../../../testing/server/harness.ts';
import { UsageError } from '../../../src/commands/usage-error.ts';
import { uuidOf } from '../../../src/domain/uuid.ts';
import { ALL, keyOf, operatorKey } from '../kinds-of-key.ts';

type Made = { api_token: string; api_token_id: string; expires_at: string | null; permissions: string[] };

const make = async (h: Harness, request: object, maker = API_KEY): Promise<Made> => {
  const { status, body } = await h.call('POST', '/api/v1/token', request, maker);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
};

const listed = async (h: Harness, key: string, query = ''): Promise<(string | null)[]> => {
  const { status, body } = await h.call('GET', `/api/v1/token?limit=100${query}`, undefined, key);
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.total, body.data.length);
  return body.data.map(({ name }: { name: string | null }) => name).sort();
};

const works = async (h: Harness, key: string): Promise<boolean> =>
  (await h.call('GET', '/api/v1/me', undefined, key)).status === 200;

const inSeconds = (h: Harness, seconds: number): string =>
  new Date(h.clock() / 1000 + seconds * 1000).toISOString();

test('a key manages those that can do no more than itself, and the others are not there', async (t) => {
  const h = await startHarness(t);
  await h.call('POST', '/api/v1/workspaces', { name: 'other' });
  const later = inSeconds(h, 1000);
  const sooner = inSeconds(h, 500);
  const made: Record<string, Made> = {};
  for (const request of [
    { name: 'admin', organization_role: 'ADMIN' },
    { name: 'admin here', organization_role: 'ADMIN', workspaces: ['default'] },
    { name: 'admin later', organization_role: 'ADMIN', expires_at: later },
    { name: 'member' },
    { name: 'member here', workspaces: ['default'] },
    { name: 'member there', workspaces: ['other'] },
    { name: 'member both', workspaces: ['default', 'other'] },
    { name: 'member later', expires_at: later },
    { name: 'member sooner', expires_at: sooner },
    { name: 'reader', permissions: ['files:read'] },
    { name: 'reader here', permissions: ['files:read'], workspaces: ['default'] },
    { name: 'uploader', permissions: ['sessions:write'] },
    { name: 'external', organization_role: 'EXTERNAL' },
    { name: 'robot', personal: false },
  ]) {
    made[request.name] = await make(h, request);
  }
  const members = ['member', 'member both', 'member here', 'member later', 'member sooner', 'member there'];
  const lesser = ['external', 'reader', 'reader here', 'uploader'];
  const all = Object.keys(made);
  const expected: Record<string, string[]> = {
    admin: [...all, 'first key'],
    'admin here': ['admin here', 'member here', 'reader here'],
    'admin later': ['admin later', 'member later', 'member sooner'],
    member: [...members, ...lesser],
    'member here': ['member here', 'reader here'],
    'member both': ['member both', 'member here', 'member there', 'reader here'],
    'member sooner': ['member sooner'],
    'member later': ['member later', 'member sooner'],
    reader: ['external', 'reader', 'reader here'],
    external: ['external'],
    robot: ['robot'],
  };
  for (const [name, names] of Object.entries(expected)) {
    const key = made[name]?.api_token ?? '';
    assert.deepEqual(await listed(h, key), [...names].sort(), name);
    for (const [hidden, { api_token_id: id }] of Object.entries(made)) {
      if (names.includes(hidden)) continue;
      const nowhere = await h.call('DELETE', `/api/v1/token/${uuidOf('nowhere')}`, undefined, key);
      const answer = await h.call('DELETE', `/api/v1/token/${id}?with_children=true`, undefined, key);
      assert.deepEqual([answer.status, answer.body], [nowhere.status, nowhere.body], `${name}: ${hidden}`);
      assert.ok([403, 404].includes(answer.status));
      const cursor = await h.call('GET', `/api/v1/token?before=${id}`, undefined, key);
      assert.equal(cursor.status, 422, `${hidden} is no cursor for ${name}`);
    }
  }
  assert.deepEqual(await listed(h, API_KEY), [...all, 'first key'].sort(), 'nothing went');
  const uploader = made.uploader?.api_token ?? '';
  for (const [method, path] of [
    ['GET', ''],
    ['POST', ''],
    ['DELETE', `/${made.uploader?.api_token_id}`],
  ] as const) {
    const answer = await h.call(method, `/api/v1/token${path}`, undefined, uploader);
    assert.equal(answer.status, 403, `an upload key does nothing with keys: ${method}`);
  }
  const here = made['member here'];
  const gone = await h.call(
    'DELETE',
    `/api/v1/token/${here?.api_token_id}`,
    undefined,
    here?.api_token ?? '',
  );
  assert.deepEqual([gone.status, gone.body], [200, { deleted_count: 1 }], 'a key may end itself');
  assert.equal(await works(h, here?.api_token ?? ''), false);
});

test('permissions are those of the role, or fewer, and never more than the maker has', async (t) => {
  const h = await startHarness(t);
  const first = await make(h, { organization_role: 'ADMIN' });
  assert.deepEqual(first.permissions, ALL);
  assert.deepEqual((await make(h, {})).permissions, ['sessions:write', 'files:read', 'files:write']);
  assert.deepEqual((await make(h, { organization_role: 'EXTERNAL' })).permissions, ['files:read']);
  const twice = await make(h, { permissions: ['files:write', 'files:read', 'files:write'], name: 'twice' });
  assert.deepEqual(twice.permissions, ['files:read', 'files:write']);
  const { data } = (await h.call('GET', '/api/v1/token')).body;
  assert.deepEqual(data[0].permissions, ['files:read', 'files:write']);

  const child = await make(h, {}, twice.api_token);
  assert.deepEqual(child.permissions, ['files:read', 'files:write'], 'absent: what both have');
  for (const [request, status, where] of [
    [{ permissions: ['admin'] }, 422, ['body', 'permissions', 0]],
    [
      { organization_role: 'EXTERNAL', permissions: ['files:read', 'files:write'] },
      422,
      ['body', 'permissions', 1],
    ],
    [{ permissions: [] }, 422, ['body', 'permissions']],
    [{ permissions: ['files:delete'] }, 422, ['body', 'permissions', 0]],
    [{ permissions: 'files:read' }, 422, ['body', 'permissions']],
  ] as const) {
    const { status: found, body } = await h.call('POST', '/api/v1/token', request);
    assert.deepEqual([found, body.detail[0].loc], [status, where], JSON.stringify(request));
  }
  const writer = await keyOf(h, { permissions: ['files:write'] });
  for (const request of [
    { permissions: ['sessions:write'] },
    { organization_role: 'EXTERNAL' },
    { organization_role: 'ADMIN' },
    { personal: false },
  ]) {
    const refused = await h.call('POST', '/api/v1/token', request, writer);
    assert.equal(refused.status, 403, JSON.stringify(request));
    assert.match(refused.body.detail, /more than the key that makes it/);
  }
  const administrator = await make(h, { organization_role: 'ADMIN', permissions: ['admin'] });
  assert.equal((await h.call('POST', '/api/v1/token', {}, administrator.api_token)).status, 403);
  const same = { organization_role: 'ADMIN', permissions: ['admin'] };
  assert.deepEqual((await make(h, same, administrator.api_token)).permissions, ['admin']);
});

test('a key of sessions:write alone opens, lists, reads and closes its own sessions, and reads no file', async (t) => {
  const h = await startHarness(t);
  await h.uploadFile('secret.txt', 'secret', { hidden: 1 });
  const { id: foreign } = await h.openSession();
  const key = await keyOf(h, { permissions: ['sessions:write'] });
  const twin = await keyOf(h, { permissions: ['sessions:write'] });
  const path = '/api/v1/workspaces/default';
  const ask = (method: string, rest: string, body?: unknown, by = key) =>
    h.call(method, path + rest, body, by);
  const opened = await ask('POST', '/upload_sessions', {});
  assert.equal(opened.status, 201);
  const id = opened.body.session_id;
  assert.equal((await postFile(opened.body.aws_prefixed_request_config, 'a.txt', 'abc')).status, 204);
  const list = async (by: string) => {
    const { body } = await ask('GET', '/upload_sessions', undefined, by);
    assert.equal(body.total, body.data.length);
    return body.data.map((session: { session_id: string }) => session.session_id);
  };
  assert.deepEqual(await list(key), [id]);
  assert.deepEqual(await list(twin), [], 'a key of the same user has sessions of its own');
  assert.deepEqual((await list(API_KEY)).sort(), [foreign, id].sort());
  const nowhere = await ask('GET', `/upload_sessions/${uuidOf('nowhere')}`);
  for (const [method, rest, body] of [
    ['GET', `/upload_sessions/${foreign}`],
    ['GET', `/upload_sessions/${foreign}/files`],
    ['PUT', `/upload_sessions/${foreign}`, {}],
  ] as const) {
    const answer = await ask(method, rest, body);
    assert.deepEqual([answer.status, answer.body], [404, nowhere.body], `${method} ${rest}`);
  }
  assert.equal((await ask('GET', `/upload_sessions?before=${foreign}`)).status, 422);
  assert.equal((await ask('PUT', `/upload_sessions/${id}`, {})).status, 204);
  await h.drain();
  assert.equal((await ask('GET', `/upload_sessions/${id}`)).body.ingestion_status.finished_files, 1);
  const files = (await ask('GET', `/upload_sessions/${id}/files`)).body.data;
  assert.equal((await ask('GET', `/files/${files[0].file_id}`)).status, 403, 'its own file neither');
  const workspace = (await ask('GET', '')).body;
  assert.deepEqual([workspace.name, workspace.metadata_fields], ['default', {}]);
  assert.deepEqual((await h.ws('GET', '')).body.metadata_fields, { hidden: ['number'] });
});

test('a key of files:write alone is not told what the metadata of a file was', async (t) => {
  const h = await startHarness(t);
  const { body } = await h.uploadFile('a.txt', 'abc', { hidden: 1, left: 2 });
  const path = `/api/v1/workspaces/default/files/${body.file_id}/meta`;
  const writer = await keyOf(h, { permissions: ['files:write'] });
  for (const method of ['PUT', 'PATCH']) {
    assert.deepEqual((await h.call(method, path, {}, writer)).body, {});
    assert.deepEqual((await h.call(method, path, { own: 1, left: null }, writer)).body, { own: 1 });
    assert.deepEqual((await h.call(method, path, {})).body, { hidden: 1, own: 1 });
  }
});

test('an upload key with a user of its own takes up no session of anybody else', async (t) => {
  const h = await startHarness(t, { work: false });
  const path = '/api/v1/workspaces/default/upload_sessions';
  const stranger = await keyOf(h, { permissions: ['sessions:write'], personal: false });
  const statuses: number[] = [];
  for (let at = 0; at < 11; at += 1) statuses.push((await h.call('POST', path, {}, stranger)).status);
  assert.deepEqual(statuses, [...Array(10).fill(201), 406]);
  assert.equal((await h.call('POST', path, {})).status, 201);
});

test('a key ends no later than the one that made it', async (t) => {
  const h = await startHarness(t);
  const expiresAt = inSeconds(h, 100);
  const parent = await make(h, { expires_at: expiresAt });
  assert.equal(Date.parse(parent.expires_at ?? ''), Date.parse(expiresAt));
  const sooner = inSeconds(h, 50);
  const children: Made[] = [];
  for (const [request, expected] of [
    [{}, expiresAt],
    [{ expires: false }, expiresAt],
    [{ expires_at: null }, expiresAt],
    [{ expires_at: '2099-01-01T00:00:00+02:00' }, expiresAt],
    [{ expires_at: '2099-01-01T00:00:00+02:00', expires: false }, expiresAt],
    [{ expires_at: sooner }, sooner],
  ] as const) {
    const child = await make(h, request, parent.api_token);
    assert.equal(Date.parse(child.expires_at ?? ''), Date.parse(expected), JSON.stringify(request));
    children.push(child);
  }
  const grandchild = await make(h, {}, children[0]?.api_token);
  assert.equal(Date.parse(grandchild.expires_at ?? ''), Date.parse(expiresAt));
  assert.equal((await make(h, {})).expires_at, null);
  h.advance(101);
  for (const { api_token } of [parent, ...children, grandchild])
    assert.equal(await works(h, api_token), false);
});

test('children are told by their parent, and go with it when that is asked', async (t) => {
  const h = await startHarness(t);
  const parent = await make(h, { name: 'parent' });
  const child = await make(h, { name: 'child' }, parent.api_token);
  const grandchild = await make(h, { name: 'grandchild' }, child.api_token);
  const sister = await make(h, { name: 'sister' }, parent.api_token);
  const other = await make(h, { name: 'other' });
  const makers = async () => {
    const { data } = (await h.call('GET', '/api/v1/token')).body;
    return Object.fromEntries(
      data.map((token: { name: string; created_by_token_id: string }) => [
        token.name,
        token.created_by_token_id,
      ]),
    );
  };
  const before = await makers();
  assert.equal(before['first key'], null);
  assert.deepEqual([before.child, before.grandchild], [parent.api_token_id, child.api_token_id]);

  const remove = (id: string, query = '') => h.call('DELETE', `/api/v1/token/${id}${query}`);
  assert.deepEqual((await remove(child.api_token_id)).body, { deleted_count: 1 });
  assert.equal(await works(h, grandchild.api_token), true, 'alone, unless asked otherwise');
  assert.equal((await makers()).grandchild, child.api_token_id, 'which is told when it is gone as well');
  assert.deepEqual((await remove(parent.api_token_id, '?with_children=true')).body, { deleted_count: 3 });
  for (const { api_token } of [parent, grandchild, sister]) assert.equal(await works(h, api_token), false);
  assert.equal(await works(h, other.api_token), true);
  assert.equal((await remove(parent.api_token_id, '?with_children=true')).status, 404);
  assert.equal((await remove(other.api_token_id, '?with_children=perhaps')).status, 422);
});

test('no key is made with one that goes at the same time, and is left behind', async (t) => {
  const h = await startHarness(t);
  const parent = await make(h, {});
  const creating = Array.from({ length: 30 }, () => h.call('POST', '/api/v1/token', {}, parent.api_token));
  await creating[0];
  await h.call('DELETE', `/api/v1/token/${parent.api_token_id}?with_children=true`);
  const statuses = (await Promise.all(creating)).map(({ status }) => status);
  assert.deepEqual([...new Set([...statuses, 401])].sort(), [200, 401]);
  assert.deepEqual(await listed(h, API_KEY), ['first key']);
});

test('a time too far off to be kept is the last that can be, and keys are listed as before', async (t) => {
  const h = await startHarness(t);
  const last = '2255-06-05T23:47:34.740991Z';
  for (const expiresAt of ['9999-12-31T23:59:59Z', '2255-06-06T00:00:00+00:01']) {
    const made = await make(h, { name: 'far', expires_at: expiresAt });
    assert.equal(made.expires_at, last);
    assert.equal(await works(h, made.api_token), true);
    assert.deepEqual(await listed(h, made.api_token), ['far'], 'one that ends makes and manages what ends');
    assert.equal((await h.call('DELETE', `/api/v1/token/${made.api_token_id}`)).status, 200);
  }
  assert.deepEqual(await listed(h, API_KEY), ['first key']);
});

test('a deleted key ends nothing that was begun: its forms work, and others go on with its sessions', async (t) => {
  const h = await startHarness(t);
  const { api_token: key, api_token_id } = await make(h, { permissions: ['sessions:write'] });
  const opened = await h.call('POST', '/api/v1/workspaces/default/upload_sessions', {}, key);
  await h.call('DELETE', `/api/v1/token/${api_token_id}`);
  const id = opened.body.session_id;
  assert.equal(
    (await h.call('PUT', `/api/v1/workspaces/default/upload_sessions/${id}`, {}, key)).status,
    401,
  );
  assert.equal((await postFile(opened.body.aws_prefixed_request_config, 'a.txt', 'abc')).status, 204);
  assert.equal((await h.ws('PUT', `/upload_sessions/${id}`, {})).status, 204);
  await h.drain();
  assert.equal((await h.ws('GET', '/files')).body.total, 1);
});

test('workspaces of a key: each once, named by one query, those of an earlier version too', async (t) => {
  const h = await startHarness(t, { work: false });
  const names = Array.from({ length: 20 }, (_, at) => `space ${at}`);
  for (const name of names) await h.call('POST', '/api/v1/workspaces', { name });
  const request = { name: 'many', workspaces: [...names, ...names, ...names].slice(0, 50) };
  await make(h, request);
  for (let at = 0; at < 30; at += 1) await make(h, { workspaces: names });
  const calls: string[] = [];
  const { read } = h.server.store;
  for (const reader of [read.accounts, read.workspaces] as unknown as Record<string, () => unknown>[]) {
    for (const [name, run] of Object.entries(reader)) {
      reader[name] = (...args) => {
        calls.push(name);
        return run.apply(reader, args);
      };
    }
  }
  const { data } = (await h.call('GET', '/api/v1/token?limit=100')).body;
  const many = data.find(({ name }: { name: string }) => name === 'many');
  assert.deepEqual([...many.workspaces].sort(), [...names].sort());
  assert.deepEqual(calls, ['tokenByHash', 'user', 'organization', 'tokens', 'users', 'names']);
  const unknown = await h.call('POST', '/api/v1/token', { workspaces: ['default', 'nowhere', 'default'] });
  assert.deepEqual([unknown.status, unknown.body.detail[0].loc], [422, ['body', 'workspaces', 1]]);
});

test('a lesser key sees no user but its own, and an administrator of one workspace makes none', async (t) => {
  const h = await startHarness(t);
  const robot = await keyOf(h, { personal: false, name: 'robot' });
  const id = (await h.call('GET', '/api/v1/me', undefined, robot)).body.user_id;
  const see = async (key: string) => (await h.call('GET', `/api/v1/users/${id}`, undefined, key)).status;
  assert.equal(await see(API_KEY), 200);
  assert.equal(await see(await keyOf(h, {})), 200);
  assert.equal(await see(await keyOf(h, { permissions: ['sessions:write'] })), 404);
  const limited = await keyOf(h, { organization_role: 'ADMIN', workspaces: ['default'] });
  assert.equal(await see(limited), 404);
  assert.equal((await h.call('GET', '/api/v1/me', undefined, limited)).status, 200);
  assert.equal((await h.call('POST', '/api/v1/workspaces', { name: 'mine' }, limited)).status, 403);
  const child = await make(h, { organization_role: 'ADMIN' }, limited);
  assert.equal((await h.call('POST', '/api/v1/workspaces', { name: 'mine' }, child.api_token)).status, 403);
  const foreign = await operatorKey(h, '--organization', 'another', '--role', 'ADMIN');
  assert.deepEqual(await listed(h, foreign), ['made by sluiced token create']);
});

test('the operator makes keys of few permissions', async (t) => {
  const h = await startHarness(t);
  const key = await operatorKey(h, '--permission', 'sessions:write');
  assert.equal((await h.call('GET', '/api/v1/workspaces/default/files', undefined, key)).status, 403);
  assert.equal((await h.call('POST', '/api/v1/workspaces/default/upload_sessions', {}, key)).status, 201);
  await assert.rejects(
    operatorKey(h, '--permission', 'read'),
    /--permission takes sessions:write, files:read/,
  );
  await assert.rejects(operatorKey(h, '--permission', 'admin'), /the role MEMBER has only .*; see --role/);
  for (const wrong of [
    ['--permission', 'read'],
    ['--email', ' '],
    ['--organization', ''],
    ['--plan', '9'],
  ]) {
    await assert.rejects(operatorKey(h, ...wrong), UsageError);
  }
});
