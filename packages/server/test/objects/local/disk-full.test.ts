import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bytesOf, readAll } from '../bytes.ts';
import { startFormServer } from '../form/form-server.ts';
import { formBody, post } from '../form/raw-http.ts';
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

/** A file system of 24 MiB, where this user may mount one. */
const smallDisk = (t: TestContext, at: string): boolean => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', at], { stdio: 'ignore' });
  } catch {
    return false;
  }
  t.after(() => execFileSync('umount', ['-l', at]));
  return true;
};

test('LIF.8: a full disk is answered 503, and uploads go on once there is space', async (t) => {
  const directory = await temporaryFolder(t);
  if (!smallDisk(t, directory)) return t.skip('mounting is not allowed here');
  const server = await startFormServer(t, { directory });
  const upload = (filename: string, content: Buffer) => post(t, server.form, { filename, content });
  const small = bytesOf(10_000);
  assert.equal((await upload('before', small)).status, 204);

  const filler = join(directory, 'filler');
  await writeFile(filler, Buffer.alloc(20 * 1024 * 1024));
  const tooLarge = await upload('large', bytesOf(6_000_000));
  assert.equal(tooLarge.status, 503);
  assert.ok(tooLarge.headers.has('retry-after'));
  let stored = 0;
  while ((await upload(`small${stored}`, small)).status === 204) stored++;
  const full = await upload('one more', small);
  assert.equal(full.status, 503);
  assert.equal(server.failures.length, 3);
  assert.deepEqual(await readdir(join(directory, 'objects', 'incoming')), []);
  assert.equal((await server.names()).length, stored + 1);
  assert.deepEqual(await readAll(await server.store.read(`${'o/w/upload_sessions/s/'}before`)), small);

  await rm(filler);
  assert.equal((await upload('after', small)).status, 204);
  assert.equal((await upload('large', bytesOf(6_000_000))).status, 204);
  assert.equal((await server.names()).length, stored + 3);
  assert.ok(formBody(server.form).length > 0);
});
