import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type Harness, startHarness } from '../../../../testing/server/harness.ts';
import type { FileRecord, Metadata } from '../../src/domain/file.ts';
import { uuidOf } from '../../src/domain/uuid.ts';
import type { Workspace } from '../../src/domain/workspace.ts';
import { createFiles } from '../../src/service/files/files.ts';
import { createMetadataFields } from '../../src/service/files/metadata-fields.ts';
import { SILENT } from '../../src/service/silent-observer.ts';

const workspaceOf = async ({ server: { store } }: Harness): Promise<Workspace> => {
  const [organization] = await store.read.accounts.organizations();
  const workspace = organization && (await store.read.workspaces.byName(organization.id, 'default'));
  assert.ok(workspace);
  return workspace;
};

const idAt = (at: number) => uuidOf(`bulk ${at}`);

/** Rows alone: nothing here looks at content. */
const addFiles = async (
  h: Harness,
  count: number,
  given: (at: number) => Partial<FileRecord> = () => ({}),
) => {
  const workspace = await workspaceOf(h);
  const files = Array.from(
    { length: count },
    (_, at): FileRecord => ({
      id: idAt(at),
      workspaceId: workspace.id,
      name: `${at}.txt`,
      size: 1,
      characters: 0,
      createdAt: at,
      metadata: { at },
      objectKey: `objects/${at}`,
      etag: 'etag',
      temporaryUntil: null,
      ...given(at),
    }),
  );
  await h.server.store.write((tx) => tx.files.insertMany(files), 'short');
};

const totalOf = async (h: Harness, query = '') => (await h.ws('GET', `/files?limit=1&${query}`)).body.total;

/** @returns whether others were answered before that work was over */
const othersAreAnswered = async (h: Harness, work: () => Promise<unknown>): Promise<boolean> => {
  const order: string[] = [];
  await Promise.all([
    work().then(() => order.push('work')),
    setImmediate()
      .then(() => h.call('GET', '/ready'))
      .then(() => order.push('ready')),
  ]);
  return order[0] === 'ready';
};

test('all files, or many by name, are deleted in steps between which others are answered', async (t) => {
  const h = await startHarness(t);
  await addFiles(h, 3000, (at) => ({ name: at < 900 ? 'twin.txt' : `${at}.txt` }));
  const names = ['twin.txt', '1000.txt', 'none.txt', '1001.txt', '1000.txt'];
  let deleted = 0;
  const remove = async (body: object) => {
    deleted = (await h.ws('DELETE', '/files', body)).body.deleted_count;
  };
  assert.ok(await othersAreAnswered(h, () => remove({ names })));
  assert.equal(deleted, 902);
  assert.equal(await totalOf(h), 2098);
  assert.ok(await othersAreAnswered(h, () => remove({})));
  assert.equal(deleted, 2098);
  assert.equal(await totalOf(h), 0);
});

test('deletions of one workspace that come together count every file once', async (t) => {
  const h = await startHarness(t);
  await addFiles(h, 700);
  const answers = await Promise.all(
    [{}, {}, { names: ['1.txt'] }].map((body) => h.ws('DELETE', '/files', body)),
  );
  const counts = answers.map(({ body }) => body.deleted_count);
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    700,
  );
});

test('update-meta of many files: each by itself, in steps, those unknown in bulk', async (t) => {
  const h = await startHarness(t);
  await addFiles(h, 1500, (at) => ({ metadata: { at, old: at % 2 } }));
  const changes: Record<string, Metadata> = {};
  for (let at = 0; at < 1500; at++) changes[idAt(at)] = at === 7 ? { id: 1 } : { old: null, seen: `n${at}` };
  changes[idAt(8)] = { long: 'x'.repeat(32_767) };
  for (let at = 0; at < 2000; at++) changes[`unknown ${at}`] = { a: 1 };
  let body: { updated_count?: number; failed_count?: number; failed_files?: Record<string, string>[] } = {};
  assert.ok(
    await othersAreAnswered(h, async () => {
      body = (await h.ws('POST', '/files/update-meta', changes)).body;
    }),
  );
  assert.deepEqual([body.updated_count, body.failed_count], [1498, 2002]);
  const failed = new Map(body.failed_files?.map((file) => [file.file_id, file.error_type]));
  assert.deepEqual(
    [idAt(7), idAt(8), 'unknown 0', 'unknown 1999'].map((id) => failed.get(id)),
    ['BAD_REQUEST', 'METADATA_TOO_LARGE', 'NOT_FOUND', 'NOT_FOUND'],
  );
  assert.deepEqual((await h.ws('GET', `/files/${idAt(1499)}/meta`)).body, { at: 1499, seen: 'n1499' });
  assert.deepEqual((await h.ws('GET', `/files/${idAt(7)}/meta`)).body, { at: 7, old: 1 });
  assert.equal(await totalOf(h, `filter=${encodeURIComponent('old ne null')}`), 2);
});

test('bulk work that nobody waits for any more ends at a step', async (t) => {
  const h = await startHarness(t);
  await addFiles(h, 400);
  const { store, objects, jobs } = h.server;
  const workspaces = { metadataFields: createMetadataFields(store.read.files) };
  const files = createFiles({ store, objects, jobs, observer: SILENT, workspaces });
  const workspace = await workspaceOf(h);
  const changes = Array.from({ length: 400 }, (_, at) => [idAt(at), { seen: true }] as const);

  const gone = new AbortController();
  const changing = files.setManyMetadata(workspace, changes, gone.signal);
  gone.abort();
  const { updated, failures } = await changing;
  assert.deepEqual(failures, []);
  assert.ok(updated > 0 && updated < 400, `${updated}`);
  assert.equal(await totalOf(h, `filter=${encodeURIComponent('seen eq true')}`), updated);

  const alsoGone = new AbortController();
  const deleting = files.deleteMany(workspace, null, alsoGone.signal);
  alsoGone.abort();
  const deleted = await deleting;
  assert.ok(deleted > 0 && deleted < 400, `${deleted}`);
  assert.equal(await totalOf(h), 400 - deleted);
  assert.equal(await files.deleteMany(workspace, null, alsoGone.signal), 0);
});
