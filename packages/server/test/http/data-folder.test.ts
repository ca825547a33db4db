import assert from 'node:assert/strict';
import { copyFile, mkdir, readdir, rename, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Harness, postFile, startHarness, temporaryFolder } from '../../../../testing/server/harness.ts';

const LARGE = 'x'.repeat(200_000);

/** Answers of all kinds of writes and of `/health`. */
const statuses = async (h: Harness, form: Parameters<typeof postFile>[0]) => ({
  small: (await postFile(form, 'small', 'x')).status,
  large: (await postFile(form, 'large', LARGE)).status,
  direct: (await h.uploadFile('direct', 'x')).status,
  opened: (await h.ws('POST', '/upload_sessions', {})).status,
  health: (await h.call('GET', '/health', undefined, null)).status,
});

const ALL_WELL = { small: 204, large: 204, direct: 201, opened: 201, health: 200 };
const NOTHING = { small: 503, large: 503, direct: 503, opened: 503, health: 503 };

const setUp = async (t: TestContext) => {
  const directory = join(await temporaryFolder(t), 'data');
  const h = await startHarness(t, { directory });
  const { id, form } = await h.openSession();
  assert.deepEqual(await statuses(h, form), ALL_WELL);
  return { h, id, form, directory };
};

const GONE: [string, (directory: string) => Promise<unknown>][] = [
  ['deleted', (directory) => rm(directory, { recursive: true })],
  ['moved', (directory) => rename(directory, `${directory}-elsewhere`)],
  [
    'replaced by an empty one',
    async (directory) => {
      await rename(directory, `${directory}-elsewhere`);
      await mkdir(directory);
    },
  ],
  [
    'without the rows',
    (directory) => Promise.all(['', '-wal', '-shm'].map((end) => unlink(join(directory, `sluice.db${end}`)))),
  ],
  ['without its lock', (directory) => unlink(join(directory, 'lock.db'))],
  ['without the log of the rows', (directory) => unlink(join(directory, 'sluice.db-wal'))],
  ['without the log of the objects', (directory) => unlink(join(directory, 'objects.db-wal'))],
  [
    'with other objects in their place',
    async (directory) => {
      const path = join(directory, 'objects.db');
      await copyFile(path, `${path}.copy`);
      await rename(`${path}.copy`, path);
    },
  ],
  ['without large bodies', (directory) => rm(join(directory, 'objects'), { recursive: true })],
];

for (const [how, hurt] of GONE) {
  test(`LIF.16: nothing is acknowledged once the data folder is ${how}`, async (t) => {
    const { h, form, directory } = await setUp(t);
    await hurt(directory);
    assert.deepEqual(await statuses(h, form), NOTHING);
    const health = await h.call('GET', '/health', undefined, null);
    assert.equal(health.body.status, 'unavailable');
    assert.match(health.body.reason, /data folder was deleted, moved or replaced/);
    assert.ok(!JSON.stringify(health.body).includes(directory), 'no path for those without a key');
    assert.equal((await h.call('GET', '/live', undefined, null)).status, 200);
    assert.equal((await h.call('GET', '/ready', undefined, null)).status, 200);
  });
}

test('LIF.16: a data folder that is put back is used again', async (t) => {
  const { h, form, directory } = await setUp(t);
  await rename(directory, `${directory}-elsewhere`);
  assert.deepEqual(await statuses(h, form), NOTHING);
  await rename(`${directory}-elsewhere`, directory);
  assert.deepEqual(await statuses(h, form), ALL_WELL);
});

const deleteBodies = async (directory: string): Promise<number> => {
  const bodies = join(directory, 'objects');
  const names = (await readdir(bodies)).filter((name) => name !== 'incoming');
  for (const name of names) await unlink(join(bodies, name));
  return names.length;
};

test('LIF.16: a large upload that is gone at ingestion is FILE_NOT_FOUND, and keeps nothing else from it', async (t) => {
  const directory = join(await temporaryFolder(t), 'data');
  const h = await startHarness(t, { directory });
  const { id, form } = await h.openSession();
  const meta = JSON.stringify({ note: LARGE });
  const uploads = { 'large.txt': LARGE, 'small.txt': 'x', 'meta.txt': 'x', 'meta.txt.meta.json': meta };
  for (const [name, content] of Object.entries(uploads)) {
    assert.equal((await postFile(form, name, content)).status, 204);
  }
  assert.equal(await deleteBodies(directory), 2);
  await h.ws('PUT', `/upload_sessions/${id}`, {});
  await h.drain();
  const { data } = (await h.ws('GET', `/upload_sessions/${id}/files?limit=10`)).body;
  const reasons = data.map((file: { name: string; ingestion_status_reason: string | null }) => [
    file.name,
    file.ingestion_status_reason,
  ]);
  assert.deepEqual(Object.fromEntries(reasons), {
    'large.txt': 'FILE_NOT_FOUND',
    'small.txt': null,
    'meta.txt': 'FILE_NOT_FOUND',
  });
});

test('LIF.16: a file whose content is gone is 404, and counted', async (t) => {
  const directory = join(await temporaryFolder(t), 'data');
  const h = await startHarness(t, { directory });
  const { file_id: id } = (await h.uploadFile('large.txt', LARGE)).body;
  assert.equal((await h.ws('GET', `/files/${id}`)).status, 200);
  assert.equal(await deleteBodies(directory), 1);
  assert.equal((await h.ws('GET', `/files/${id}`)).status, 404);
  const metrics = (await h.call('GET', '/metrics')).body;
  assert.ok(metrics.split('\n').includes('sluice_lost_objects_total 1'));
});
