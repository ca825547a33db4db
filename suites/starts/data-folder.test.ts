import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  open as openFile,
  readdir,
  rmdir,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { dataFolder, prepareDataFolder } from '../../packages/server/src/data-folder/data-folder.ts';
import { COMPILE_CACHE } from '../../testing/server/compile-cache.ts';
import { startHarness, temporaryFolder } from '../../testing/server/harness.ts';

const MAIN = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url));
const AS_ROOT = process.getuid?.() === 0;

/** Paths below a folder that others may do anything with. */
const open = async (directory: string): Promise<string[]> => {
  const names = await readdir(directory, { recursive: true });
  const modes = await Promise.all(
    names.map(async (name) => [name, (await lstat(join(directory, name))).mode & 0o777] as const),
  );
  return modes.filter(([, mode]) => (mode & 0o077) !== 0).map(([name]) => name);
};

const withUmask = async (umask: number, work: () => Promise<void>): Promise<void> => {
  const before = process.umask(umask);
  try {
    await work();
  } finally {
    process.umask(before);
  }
};

for (const umask of [0o000, 0o077, 0o277]) {
  test(`AUT.4: all that is made in a data folder is its owner's, with umask ${umask.toString(8)}`, async (t) => {
    const directory = await temporaryFolder(t);
    await chmod(directory, 0o755);
    await withUmask(umask, async () => {
      const h = await startHarness(t, { directory });
      await h.uploadFile('small', 'x');
      await h.uploadFile('large', 'x'.repeat(200_000));
      const names = await readdir(directory, { recursive: true });
      for (const name of ['sluice.db-wal', 'sluice.db-shm', 'objects.db-wal', 'api-key', 'lock.db']) {
        assert.ok(names.includes(name), name);
      }
      assert.deepEqual(await open(directory), []);
      for (const name of ['sluice.db', 'objects.db', 'lock.db', 'api-key', 'form-credentials.json']) {
        assert.equal((await lstat(join(directory, name))).mode & 0o777, 0o600, name);
      }
      await h.close();
    });
    assert.equal((await lstat(directory)).mode & 0o777, 0o755, 'who made it decides');
  });
}

test('AUT.4: what others could get at is narrowed at the next start, links and other users’ files are not', async (t) => {
  const directory = await temporaryFolder(t);
  const h = await startHarness(t, { directory });
  await h.close();
  const wide = ['sluice.db', 'objects.db', 'lock.db', 'api-key', 'form-credentials.json'];
  for (const name of wide) await chmod(join(directory, name), 0o644);
  await chmod(join(directory, 'objects'), 0o755);
  const folder = dataFolder(directory);
  const expected = [...wide, 'objects'].map((name) => join(directory, name));
  assert.deepEqual((await prepareDataFolder(folder)).sort(), expected.sort());
  assert.deepEqual(await open(directory), []);
  assert.deepEqual(await prepareDataFolder(folder), []);

  const elsewhere = join(await temporaryFolder(t), 'key');
  await writeFile(elsewhere, 'x', { mode: 0o644 });
  const linked = await temporaryFolder(t);
  await symlink(elsewhere, join(linked, 'api-key'));
  assert.deepEqual(await prepareDataFolder(dataFolder(linked)), []);
  assert.equal((await lstat(elsewhere)).mode & 0o777, 0o644);
});

/** What `sluiced serve` says to a folder it cannot use. */
const complaint = async (t: TestContext, directory: string, uid?: number): Promise<string> => {
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: { ...COMPILE_CACHE, SLUICE_DATA_DIR: directory, SLUICE_PORT: '0', SLUICE_LOG_LEVEL: 'fatal' },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(uid !== undefined && { uid }),
  });
  t.after(() => child.kill('SIGKILL'));
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  assert.equal(code, 1, said);
  assert.equal(said.trimEnd().split('\n').length, 1, said);
  assert.ok(said.includes(`SLUICE_DATA_DIR is ${directory}`), said);
  return said;
};

const BROKEN: [string, (directory: string) => Promise<void>, RegExp][] = [
  [
    'rows that are none',
    (at) => writeFile(join(at, 'sluice.db'), 'x'.repeat(5000)),
    /sluice\.db is not a database/,
  ],
  [
    'objects that are none',
    (at) => writeFile(join(at, 'objects.db'), 'x'.repeat(5000)),
    /objects\.db is not a database/,
  ],
  [
    'a lock that is none',
    (at) => writeFile(join(at, 'lock.db'), 'x'.repeat(5000)),
    /lock\.db is not a database/,
  ],
  [
    'a folder where a database should be',
    async (at) => void (await mkdir(join(at, 'sluice.db'))),
    /sluice\.db is a folder where a file belongs; move it away/,
  ],
  [
    'a folder where the key should be',
    async (at) => void (await mkdir(join(at, 'api-key'))),
    /api-key is a folder where a file belongs; move it away/,
  ],
  [
    'a file where a folder should be',
    (at) => writeFile(join(at, 'objects'), ''),
    /objects.* is not (in )?a folder/,
  ],
];

for (const [what, hurt, message] of BROKEN) {
  test(`a start on a data folder with ${what} says so`, async (t) => {
    const directory = await temporaryFolder(t);
    await hurt(directory);
    assert.match(await complaint(t, directory), message);
  });
}

test('a start on a data folder that is a file, or another server has, says so', async (t) => {
  const file = join(await temporaryFolder(t), 'file');
  await writeFile(file, '');
  assert.match(await complaint(t, file), /file is not a folder/);
  const h = await startHarness(t);
  assert.match(await complaint(t, h.directory), /Another Sluice server uses this data folder/);
});

test('a start on a data folder of another user names both', { skip: !AS_ROOT }, async (t) => {
  const parent = await temporaryFolder(t);
  await chmod(parent, 0o755);
  const directory = join(parent, 'data');
  const h = await startHarness(t, { directory });
  await h.close();
  assert.match(
    await complaint(t, directory, 65534),
    /permission to use .*sluice\.db is denied; .*\/data belongs to user 0, and this process runs as user 65534/,
  );
  await chmod(directory, 0o755);
  assert.match(await complaint(t, directory, 65534), /user 0, and this process runs as user 65534/);
});

test('a start on a read-only file system says so', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-read-only-'));
  t.after(() => rmdir(directory));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=1m', 'tmpfs', directory], { stdio: 'ignore' });
  } catch {
    return t.skip('mounting is not allowed here');
  }
  try {
    assert.match(await complaint(t, directory), /read-only file system/);
  } finally {
    execFileSync('umount', ['-l', directory]);
  }
});

test('a log on a full disk ends no server', { skip: process.platform !== 'linux' }, async (t) => {
  const full = await openFile('/dev/full', 'w');
  t.after(() => full.close());
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: {
      ...COMPILE_CACHE,
      SLUICE_DATA_DIR: await temporaryFolder(t),
      SLUICE_PORT: '0',
      SLUICE_LOG_LEVEL: 'trace',
    },
    stdio: ['ignore', 'pipe', full.fd],
  });
  t.after(() => child.kill('SIGKILL'));
  const exit = once(child, 'exit');
  const [said] = await Promise.race([once(child.stdout as Readable, 'data'), exit]);
  const url = /http:\S+/.exec(String(said))?.[0];
  for (let at = 0; at < 3; at++) assert.equal((await fetch(`${url}/api/v1/me`)).status, 401);
  child.kill('SIGTERM');
  assert.deepEqual(await exit, [0, null]);
});
