import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Harness, postFile, startHarness } from '../../../../testing/server/harness.ts';

/** A file system of 32 MiB, where this user may mount one. */
const mountSmallDisk = (at: string): boolean => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', at], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

test('LIF.8: a disk that fills up during ingestion fails no file; with space it goes on', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-test-'));
  let h: Harness | undefined;
  let mounted = false;
  // In this order: what is in use cannot be unmounted.
  t.after(async () => {
    await h?.close();
    if (mounted) execFileSync('umount', ['-l', directory]);
    await rm(directory, { recursive: true });
  });
  mounted = mountSmallDisk(directory);
  if (!mounted) return t.skip('mounting is not allowed here');
  h = await startHarness(t, { directory });
  const { id, form } = await h.openSession();
  const other = await h.openSession();
  const meta = JSON.stringify({ note: 'x'.repeat(3000) });
  for (let index = 0; index < 300; index++) {
    assert.equal((await postFile(form, `${index}.txt`, 'x'.repeat(2000))).status, 204);
    assert.equal((await postFile(form, `${index}.txt.meta.json`, meta)).status, 204);
  }
  const filler = join(directory, 'filler');
  await writeFile(filler, Buffer.alloc(64 * 1024 * 1024)).catch(() => {}); // as much as goes on it

  const refused = await postFile(form, 'more.txt', 'x'.repeat(200_000));
  assert.equal(refused.status, 503);
  const statuses = new Set<number>();
  for (let attempt = 0; attempt < 5; attempt++) {
    const answer = await h.uploadFile('direct.txt', 'x'.repeat(500_000));
    statuses.add(answer.status);
    if (answer.status === 503) assert.equal(answer.headers.get('retry-after'), '5');
  }
  assert.deepEqual([...statuses], [503]);
  const closing = await h.ws('PUT', `/upload_sessions/${id}`, {});
  assert.ok([204, 503].includes(closing.status), String(closing.status));
  for (let round = 0; round < 3; round++) await h.drain();
  assert.equal((await h.ws('GET', `/upload_sessions/${other.id}`)).status, 200, 'what is there can be read');
  const health = await h.call('GET', '/health', undefined, null);
  assert.deepEqual(
    [health.status, health.body],
    [503, { status: 'unavailable', reason: 'The disk of the data folder is full.' }],
  );
  assert.equal((await h.call('GET', '/live', undefined, null)).status, 200);

  await rm(filler);
  assert.equal((await h.call('GET', '/health')).status, 200);
  if (closing.status === 503) assert.equal((await h.ws('PUT', `/upload_sessions/${id}`, {})).status, 204);
  for (let round = 0; round < 3; round++) await h.drain();
  const { body } = await h.ws('GET', `/upload_sessions/${id}`);
  assert.deepEqual(
    [body.ingestion_status, body.total_files],
    [{ failed_files: 0, finished_files: 300 }, 300],
  );
  assert.equal((await h.uploadFile('direct.txt', 'x'.repeat(500_000))).status, 201);
});
