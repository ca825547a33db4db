import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSluice } from '../../../testing/server/sluice-server.ts';
import { ApiError, createClient } from '../src/index.ts';

const server = await startSluice();
const client = createClient(server);

const isApiError = (status: number, code: string) => (error: unknown) =>
  error instanceof ApiError && error.status === status && error.code === code && error.detail !== '';

test('workspaces are created, read, counted and deleted by name', async () => {
  const created = await client.workspaces.create('über uns & mehr');
  assert.deepEqual(await client.workspaces.get('über uns & mehr'), created);
  const names = (await client.workspaces.list()).map(({ name }) => name);
  assert.deepEqual(names.sort(), ['default', 'über uns & mehr']);
  assert.equal((await client.workspaces.stats('über uns & mehr')).file_count, 0);
  await assert.rejects(client.workspaces.create('über uns & mehr'), isApiError(409, 'CONFLICT'));
  await client.workspaces.delete('über uns & mehr');
  await assert.rejects(client.workspaces.get('über uns & mehr'), isApiError(404, 'NOT_FOUND'));
});

test('a name with an escaped quote in it is no name with a quote', async () => {
  await client.workspaces.create('quotes');
  const names = ['a"b', 'a%22b', 'a"b%22c', 'a%2522b', 'a%b'];
  for (const name of names) await client.files.upload('quotes', { name, body: 'x' });
  assert.deepEqual(
    (await client.files.list('quotes')).data.map(({ name }) => name),
    names,
  );
});

test('a file goes straight in, and comes back byte for byte', async () => {
  await client.workspaces.create('direct');
  const bytes = new Uint8Array(100_000).map((_, index) => index % 251);
  const name = 'canal & "lock" (plan), 100%41+ ü.bin';
  const { file_id } = await client.files.upload('direct', { name, body: bytes, meta: { year: 2026 } });

  const content = await client.files.content('direct', file_id);
  assert.deepEqual(new Uint8Array(await content.arrayBuffer()), bytes);
  const part = await client.files.content('direct', file_id, { range: { start: 10, end: 19 } });
  assert.equal(part.status, 206);
  assert.deepEqual(new Uint8Array(await part.arrayBuffer()), bytes.slice(10, 20));

  const { data } = await client.files.list('direct');
  assert.deepEqual(
    data.map((file) => [file.file_id, file.name, file.size]),
    [[file_id, name, bytes.length]],
  );

  await client.files.delete('direct', file_id);
  await assert.rejects(client.files.content('direct', file_id), isApiError(404, 'NOT_FOUND'));
});

test('metadata is read, changed, and changed for many', async () => {
  await client.workspaces.create('metadata');
  const upload = (name: string) =>
    client.files.upload('metadata', { name, body: name, meta: { a: 1, b: 2 } });
  const [one, two] = [await upload('one'), await upload('two')];
  assert.deepEqual(await client.files.updateMetadata('metadata', one.file_id, { a: null, c: [3] }), {
    b: 2,
    c: [3],
  });
  assert.deepEqual(await client.files.metadata('metadata', one.file_id), { b: 2, c: [3] });

  const missing = '00000000-0000-7000-8000-000000000000';
  const changed = await client.files.updateManyMetadata('metadata', {
    [one.file_id]: { b: 3 },
    [two.file_id]: { b: 3 },
    [missing]: { b: 3 },
  });
  assert.equal(changed.failed_count, 1);
  assert.deepEqual(
    changed.failed_files.map(({ file_id }) => file_id),
    [missing],
  );
  assert.deepEqual(await client.files.metadata('metadata', two.file_id), { a: 1, b: 3 });
});

test('lists are filtered, paged, and walked to the end', async () => {
  await client.workspaces.create('lists');
  for (let index = 0; index < 7; index++) {
    await client.files.upload('lists', { name: `f${index}`, body: 'x', meta: { even: index % 2 === 0 } });
  }
  const page = await client.files.list('lists', { limit: 3 });
  assert.deepEqual([page.data.length, page.has_more, page.total], [3, true, 7]);
  for (const field of ['created_at', 'name'] as const) {
    const all = await Array.fromAsync(client.files.listAll('lists', { limit: 3, field, order: 'DESC' }));
    assert.deepEqual(
      all.map(({ name }) => name),
      ['f6', 'f5', 'f4', 'f3', 'f2', 'f1', 'f0'],
    );
  }
  const even = await Array.fromAsync(client.files.listAll('lists', { limit: 2, filter: 'even eq true' }));
  assert.deepEqual(
    even.map(({ name }) => name),
    ['f0', 'f2', 'f4', 'f6'],
  );
});

test('files are deleted by name, and all of them only by a method that says so', async () => {
  await client.workspaces.create('deletion');
  for (const name of ['a', 'a', 'b', 'c']) await client.files.upload('deletion', { name, body: 'x' });
  assert.equal((await client.files.deleteByNames('deletion', ['a', 'missing'])).deleted_count, 2);
  assert.equal((await client.files.deleteByNames('deletion', [])).deleted_count, 0);
  assert.equal((await client.files.deleteAll('deletion')).deleted_count, 2);
});

test('FAIL refuses a name that is taken', async () => {
  await client.workspaces.create('modes');
  await client.files.upload('modes', { name: 'a', body: 'x' }, { write_mode: 'FAIL' });
  const again = client.files.upload('modes', { name: 'a', body: 'y' }, { write_mode: 'FAIL' });
  await assert.rejects(again, isApiError(409, 'CONFLICT'));
});

test('sessions are opened, listed, read and closed', async () => {
  await client.workspaces.create('sessions');
  const opened = await client.uploadSessions.create('sessions', {
    write_mode: 'FAIL',
    expires_in_seconds: 600,
  });
  const { session_id } = opened;
  assert.ok(opened.aws_prefixed_request_config.fields.key);
  const status = await client.uploadSessions.get('sessions', session_id);
  assert.deepEqual([status.status, status.write_mode, status.total_files], ['OPEN', 'FAIL', 0]);
  await client.uploadSessions.close('sessions', session_id);
  await assert.rejects(client.uploadSessions.close('sessions', session_id), isApiError(409, 'CONFLICT'));
  assert.deepEqual(await client.uploadSessions.files('sessions', session_id), {
    data: [],
    has_more: false,
    total: 0,
  });

  await client.uploadSessions.create('sessions');
  const { data, total } = await client.uploadSessions.list('sessions', { limit: 1 });
  assert.deepEqual([data.length, total], [1, 2]);
  const all = await Array.fromAsync(client.uploadSessions.listAll('sessions', { limit: 1, order: 'ASC' }));
  assert.deepEqual(
    all.map(({ status }) => status),
    ['CLOSED', 'OPEN'],
  );
});

test('keys are made, listed, used and taken away', async () => {
  const made = await client.tokens.create({ name: 'reader', organization_role: 'EXTERNAL' });
  const reader = createClient({ ...server, apiKey: made.api_token });
  assert.equal((await reader.workspaces.get('default')).name, 'default');
  await assert.rejects(reader.workspaces.create('mine'), isApiError(403, 'FORBIDDEN'));
  const names = (await Array.fromAsync(client.tokens.listAll())).map(({ name }) => name);
  assert.ok(names.includes('reader'));
  await client.tokens.delete(made.api_token_id);
  await assert.rejects(reader.workspaces.list(), isApiError(401, 'NOT_AUTHENTICATED'));
});

test('a key may be made to do little, and goes with those that were made with it', async () => {
  const made = await client.tokens.create({ permissions: ['files:read', 'files:write'] });
  assert.deepEqual(made.permissions, ['files:read', 'files:write']);
  const maker = createClient({ ...server, apiKey: made.api_token });
  await assert.rejects(maker.uploadSessions.create('default'), isApiError(403, 'FORBIDDEN'));
  const { api_token: apiKey } = await maker.tokens.create({ permissions: ['files:read'] });
  const [child] = (await maker.tokens.list()).data;
  assert.deepEqual([child?.permissions, child?.created_by_token_id], [['files:read'], made.api_token_id]);
  await client.tokens.delete(made.api_token_id, { withChildren: true });
  await assert.rejects(createClient({ ...server, apiKey }).users.me(), isApiError(401, 'NOT_AUTHENTICATED'));
});

test('a key says whose it is', async () => {
  const me = await client.users.me();
  assert.deepEqual(await client.users.get(me.user_id), me);
  assert.equal((await client.users.organization()).organization_id, me.organization.organization_id);
});

test('users are listed, all of them that the key sees', async () => {
  await client.tokens.create({ name: 'robot', personal: false });
  await client.tokens.create({ name: 'guest', personal: false, organization_role: 'EXTERNAL' });
  const me = await client.users.me();
  const { data, total } = await client.users.list({ limit: 1 });
  assert.deepEqual([data[0]?.family_name, data.length], ['robot', 1]);
  const all = await Array.fromAsync(client.users.listAll());
  assert.deepEqual([all.length, all.at(-1)], [total, me]);
  const guests = await Array.fromAsync(client.users.listAll({ include_external: true }));
  assert.deepEqual([guests.length, guests[0]?.family_name], [total + 1, 'guest']);
});

test('what a list is not about is told in words, once for a walk', async () => {
  const told: string[] = [];
  const warned = createClient({ ...server, onWarning: (sentence) => told.push(sentence) });
  const toldOf = async (work: Promise<unknown>) => {
    await work;
    return told.splice(0);
  };
  const filter = "categry ne 'x'";
  const unknown = /^No file has a value under the key "categry"\./;
  const page = await warned.files.list('default', { filter });
  assert.equal(page.warnings.length, 1);
  assert.deepEqual(told.splice(0), page.warnings);
  const walk = await toldOf(Array.fromAsync(warned.files.listAll('default', { filter, limit: 1 })));
  assert.equal(walk.length, 1);
  assert.match(walk[0] ?? '', unknown);
  assert.equal((await toldOf(Array.fromAsync(warned.listFiles('default', { filter })))).length, 1);
  assert.deepEqual(await toldOf(warned.files.list('default', { filter: 'size gt 0' })), []);

  const ignored = 'The server ignored limt in the query: it knows no such name, or was given it twice.';
  const misspelt = { limt: 5 } as object;
  assert.deepEqual(await toldOf(warned.files.list('default', misspelt)), [ignored]);
  const refused = warned.files.list('default', { ...misspelt, limit: 0 }).catch(() => {});
  assert.deepEqual(await toldOf(refused), [ignored], 'of a refusal too');
  assert.deepEqual(await toldOf(warned.users.list()), []);
});

test('a request that is wrong says where', async () => {
  const error = await client.uploadSessions
    .list('default', { limit: 1000 })
    .catch((caught: unknown) => caught as ApiError);
  assert.ok(error instanceof ApiError);
  assert.equal(error.code, 'INVALID');
  assert.deepEqual(
    error.problems.map(({ loc }) => loc),
    [['query', 'limit']],
  );
  assert.match(error.detail, /^query\.limit: /);
});
