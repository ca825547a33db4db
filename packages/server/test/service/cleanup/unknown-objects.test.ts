import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { inChunks } from '../../../../../testing/objects/bytes.ts';
import { type Harness, postFile, startHarness } from '../../../../../testing/server/harness.ts';
import { HOUR } from '../../../src/domain/instant.ts';
import { fileKey, uploadPrefix } from '../../../src/domain/object-keys.ts';
import { uuidAt } from '../../../src/domain/uuid.ts';
import { findUnknownObjects } from '../../../src/service/cleanup/unknown-objects.ts';

const setUp = async (t: TestContext) => {
  const h = await startHarness(t);
  const { store, objects } = h.server;
  const [organization] = await store.read.accounts.organizations();
  assert.ok(organization);
  const workspace = await store.read.workspaces.byName(organization.id, 'default');
  assert.ok(workspace);
  const put = async (key: string) => {
    await objects.put(key, inChunks(Buffer.from('x'), 1));
    return key;
  };
  return { h, organizationId: organization.id, workspaceId: workspace.id, put };
};

const unknownOf = async (h: Harness, graceHours: number, limit = 100) => {
  const { store, objects } = h.server;
  const found = await findUnknownObjects(
    { store, objects, clock: h.clock },
    {
      grace: graceHours * HOUR,
      limit,
      unknownOrganizations: true,
    },
  );
  return { ...found, unknown: found.unknown.map(({ key }) => key).sort() };
};

test('LIF.13: what a row needs, what is under way, what is young and what is not ours is no orphan', async (t) => {
  const { h, organizationId, workspaceId, put } = await setUp(t);
  const newId = () => uuidAt(h.clock());
  await h.uploadFile('kept.txt', 'kept');
  const { form } = await h.openSession(); // stays open
  await postFile(form, 'under-way.txt', 'x');
  const ended = await h.openSession({ write_mode: 'TEMPORARY' });
  await postFile(ended.form, 'temporary.txt', 'x');
  await h.ws('PUT', `/upload_sessions/${ended.id}`, {});
  await h.drain();
  await put(`${organizationId}x/${workspaceId}/files/${newId()}`);
  await put(`${organizationId}/other/files/${newId()}`);
  await put('backups/database/files/dump');
  await put('a-file-of-others');
  await put(`${organizationId}/${workspaceId}/files/${newId()}/deeper`);
  assert.deepEqual((await unknownOf(h, 0)).unknown, []);

  const lost = [
    await put(fileKey(organizationId, workspaceId, newId())),
    await put(fileKey(organizationId, newId(), newId())), // of a workspace nobody knows
    await put(fileKey(newId(), newId(), newId())), // of an organization nobody knows
    await put(`${uploadPrefix(newId(), newId(), newId())}a.txt`),
    await put(`${uploadPrefix(organizationId, workspaceId, newId())}a.txt`),
  ].sort();
  assert.deepEqual((await unknownOf(h, 1)).unknown, [], 'younger than the grace');
  h.advance(2 * 3600);
  assert.deepEqual((await unknownOf(h, 1)).unknown, lost);
  const limited = await unknownOf(h, 1, 2);
  assert.deepEqual([limited.unknown.length, limited.more], [2, true]);
});

test('LIF.13: a reservation, a PENDING file and a deleted workspace keep their objects', async (t) => {
  const { h, organizationId, workspaceId, put } = await setUp(t);
  const { store } = h.server;
  const reserved = await put(fileKey(organizationId, workspaceId, uuidAt(h.clock())));
  await store.write((tx) => tx.garbage.add([reserved], h.clock() + HOUR), 'short');

  const { id } = await h.openSession();
  const pending = uuidAt(h.clock());
  await store.write(
    (tx) =>
      tx.sessionFiles.insertMany([
        {
          id: pending,
          sessionId: id,
          name: 'moved.txt',
          uploadKey: `${uploadPrefix(organizationId, workspaceId, id)}moved.txt`,
          size: 1,
          etag: 'e',
          sidecarKey: null,
          sidecarEtag: null,
          sidecarSize: null,
          status: 'PENDING',
          reason: null,
          message: null,
          fileId: null,
          createdAt: h.clock(),
        },
      ]),
    'short',
  );
  await put(fileKey(organizationId, workspaceId, pending));
  assert.deepEqual((await unknownOf(h, 0)).unknown, []);
});
