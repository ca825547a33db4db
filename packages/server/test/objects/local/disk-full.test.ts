import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bytesOf, readAll } from '../../../../../testing/objects/bytes.ts';
import { PREFIX, startFormServer } from '../../uploads/form/form-server.ts';
import { post } from '../../uploads/form/raw-http.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openStore } from './open-store.ts';

const CHILD = fileURLToPath(new URL('./storing-child.ts', import.meta.url));

test('LIF.8: where the disk takes no more, uploads are refused and what was stored stays whole', async (t) => {
  const directory = await temporaryFolder(t);
  // No file may grow beyond 2 MiB (blocks of 512 bytes): to a process it looks like a disk that fails to write.
  const command = 'ulimit -f 4096; exec "$@"';
  const args = [process.execPath, CHILD, directory, 'full', '20000', '3000000', '20000', '20000'];
  const child = spawn('/bin/sh', ['-c', command, 'sh', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  let told = '';
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      told += chunk;
      // Small ones go in until the log has reached its limit; from then on nothing does.
      if (told.endsWith('-STORAGE_UNAVAILABLE\n'.repeat(30))) resolve();
    });
    child.on('close', () => resolve());
  });
  assert.equal(child.exitCode, null, 'it goes on running');
  child.kill('SIGKILL');
  await new Promise((resolve) => child.on('close', resolve));

  const lines = told.split('\n').slice(0, -1);
  const stored = lines.filter((line) => line.startsWith('+')).map((line) => line.slice(1));
  const refused = lines.filter((line) => line.startsWith('-'));
  assert.ok(stored.length > 20);
  assert.deepEqual(new Set(refused), new Set(['-STORAGE_UNAVAILABLE']));
  assert.deepEqual(
    stored.filter((key) => key.endsWith('-3000000')),
    [],
    'no file is over the limit',
  );

  const store = await openStore(t, directory);
  const listed = (await store.list('', { limit: 10_000 })).map(({ key }) => key);
  const names = new Set(listed.map((key) => key.replace('/moved/', '/')));
  for (const key of stored) assert.ok(names.has(key), key);
  for (const key of listed) {
    const [, seed, size] = /(\d+)-(\d+)$/.exec(key) ?? [];
    assert.deepEqual(await readAll(await store.read(key)), bytesOf(Number(size), Number(seed)), key);
  }
  assert.deepEqual(await readdir(join(directory, 'objects')), ['incoming'], 'nothing of the large ones');
});

/** A folder on a file system of 24 MiB; undefined where this user may not mount one. */
const smallDisk = async (t: TestContext): Promise<string | undefined> => {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', directory], { stdio: 'ignore' });
  } catch {
    await rmdir(directory);
    return undefined;
  }
  t.after(async () => {
    // Detached at once, though the server that ends after this has files open on it.
    execFileSync('umount', ['-l', directory]);
    await rmdir(directory);
  });
  return directory;
};

test('LIF.8: a full disk is answered 503, and uploads go on once there is space', async (t) => {
  const directory = await smallDisk(t);
  if (directory === undefined) return t.skip('mounting is not allowed here');
  const server = await startFormServer(t, { directory });
  const upload = async (filename: string, content: Buffer) => {
    const { status, headers } = await post(t, server.form, { filename, content });
    assert.equal(headers.has('retry-after'), status === 503);
    return status;
  };
  const small = bytesOf(10_000);
  assert.equal(await upload('before', small), 204);

  const filler = join(directory, 'filler');
  await writeFile(filler, Buffer.alloc(20 * 1024 * 1024));
  assert.equal(await upload('large', bytesOf(6_000_000)), 503);
  assert.deepEqual(await readdir(join(directory, 'objects', 'incoming')), []);
  let stored = 1;
  while ((await upload(`small${stored}`, small)) === 204) stored++;
  assert.equal(await upload('one more', small), 503);
  assert.equal(server.failures.length, 3);
  assert.equal((await server.names()).length, stored);
  assert.deepEqual(await readAll(await server.store.read(`${PREFIX}before`)), small);

  await rm(filler);
  assert.equal(await upload('after', small), 204);
  assert.equal(await upload('large', bytesOf(6_000_000)), 204);
  assert.equal((await server.names()).length, stored + 2);
});
