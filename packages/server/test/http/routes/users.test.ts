import assert from 'node:assert/strict';
import { test } from 'node:test';
import { API_KEY, type Harness, startHarness } from '../../../../../testing/server/harness.ts';
import { uuidOf } from '../../../src/domain/uuid.ts';

const keyOf = async (h: Harness, body: object): Promise<string> => {
  const { status, body: made } = await h.call('POST', '/api/v1/token', body);
  assert.equal(status, 200, JSON.stringify(made));
  return made.api_token;
};

const list = async (h: Harness, query = '', key = API_KEY) => {
  const { status, body } = await h.call('GET', `/api/v1/users${query}`, undefined, key);
  assert.equal(status, 200, JSON.stringify(body));
  return { ...body, names: body.data.map((user: { family_name: string }) => user.family_name) };
};

const addDeletedUser = async ({ server: { store } }: Harness): Promise<void> => {
  const [organization] = await store.read.accounts.organizations();
  const leaver = {
    givenName: 'Left',
    familyName: 'Us',
    email: 'leaver@example.org',
    role: 'MEMBER',
  } as const;
  await store.write(
    (tx) =>
      tx.accounts.insertUser({
        id: uuidOf('leaver'),
        organizationId: organization?.id ?? '',
        ...leaver,
        deleted: true,
      }),
    'short',
  );
};

test('users by page, the newest first, external ones only if asked for', async (t) => {
  const h = await startHarness(t);
  const me = (await h.call('GET', '/api/v1/me')).body;
  for (const name of ['one', 'two', 'three']) await keyOf(h, { name, personal: false });
  await keyOf(h, { name: 'guest', personal: false, organization_role: 'EXTERNAL' });

  const all = await list(h);
  assert.deepEqual(all.names, ['three', 'two', 'one', me.family_name]);
  assert.deepEqual([all.total, all.has_more], [4, false]);
  assert.deepEqual(all.data[3], me, 'as GET /me has it');
  const { user_id: two } = all.data[1];
  assert.deepEqual((await h.call('GET', `/api/v1/users/${two}`)).body, all.data[1]);
  assert.deepEqual(all.data[1].organization.workspaces, [{ name: 'default', role: 'MEMBER' }]);

  await addDeletedUser(h);
  assert.deepEqual((await list(h)).names, all.names);
  const everybody = await list(h, '?include_deleted=true');
  assert.deepEqual(everybody.names.toSorted(), [...all.names, 'Us'].toSorted());
  assert.deepEqual(everybody.data.filter((user: { deleted: boolean }) => user.deleted).length, 1);
  const guests = await list(h, '?include_external=true');
  assert.deepEqual(guests.names, ['guest', ...all.names]);
  const first = await list(h, '?limit=3');
  assert.deepEqual([first.names.length, first.has_more, first.total], [3, true, 4]);
  assert.deepEqual((await list(h, '?limit=3&page_number=2')).names, [me.family_name]);
  assert.deepEqual((await list(h, `?before=${two}&page_number=2`)).names, ['one', me.family_name]);
  assert.deepEqual((await list(h, `?after=${two}`)).names, ['three']);
  const { user_id: guest } = guests.data[0];
  assert.deepEqual((await list(h, `?before=${guest}&limit=1`)).names, ['three'], 'one that is not listed');

  for (const query of [`before=${uuidOf('nowhere')}`, 'after=x', 'limit=101', 'include_external=maybe']) {
    const { status, body } = await h.call('GET', `/api/v1/users?${query}`);
    assert.deepEqual([status, body.detail[0].loc], [422, ['query', query.split('=')[0]]]);
  }
});

test('who sees one user sees that one in the list, and takes no other for a place in it', async (t) => {
  const h = await startHarness(t);
  const me = (await h.call('GET', '/api/v1/me')).body;
  const limited = { workspaces: ['default'] };
  for (const asked of [limited, { permissions: ['sessions:write'] }, { permissions: ['files:write'] }]) {
    const key = await keyOf(h, { ...asked, name: 'robot', personal: false });
    const { body: own } = await h.call('GET', '/api/v1/me', undefined, key);
    const { data, total, has_more } = await list(h, '', key);
    assert.deepEqual({ data, total, has_more }, { data: [own], total: 1, has_more: false });
    const answer = await h.call('GET', `/api/v1/users?before=${me.user_id}`, undefined, key);
    assert.equal(answer.status, 422);
    assert.deepEqual((await list(h, `?before=${own.user_id}`, key)).data, []);
  }
});
