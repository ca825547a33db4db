import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { temporaryFolder } from '../../../testing/server/harness.ts';

const DOOR = join(import.meta.dirname, '../../../scripts/run.mjs');

/** Ends a second after the first SIGTERM, with the number of them. */
const COUNTER = `
let signals = 0;
process.on('SIGTERM', () => {
  if (++signals === 1) setTimeout(() => { console.log('signals', signals); process.exit(); }, 1000);
});
setInterval(() => {}, 1000);
console.log('runs', process.ppid);
`;

/** A clone whose packages are installed, with a script that counts what it is told. */
const clone = async (root: string): Promise<void> => {
  const lock = '{}';
  await mkdir(join(root, 'scripts'));
  await mkdir(join(root, 'node_modules/.bin'), { recursive: true });
  await copyFile(DOOR, join(root, 'scripts/run.mjs'));
  await writeFile(join(root, 'package-lock.json'), lock);
  await writeFile(join(root, 'node_modules/.sluice-lock'), createHash('sha256').update(lock).digest('hex'));
  await symlink(process.execPath, join(root, 'node_modules/.bin/node'));
  await writeFile(join(root, 'counter.mjs'), COUNTER);
};

// npm stops the shell between, a supervisor the whole group as well: either way a server is asked to stop, not hurried.
for (const whom of ['the shell', 'the door'] as const)
  test(`a script that is stopped by a SIGTERM to ${whom} is told once`, { timeout: 60_000 }, async (t) => {
    const root = await temporaryFolder(t);
    await clone(root);
    const shell = spawn('sh', ['-c', `"${process.execPath}" scripts/run.mjs counter.mjs; true`], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => shell.kill('SIGKILL'));
    const lines = createInterface(shell.stdout)[Symbol.asyncIterator]();
    const door = Number(`${(await lines.next()).value}`.split(' ')[1]);
    process.kill(whom === 'the shell' ? (shell.pid ?? 0) : door, 'SIGTERM');
    assert.equal((await lines.next()).value, 'signals 1');
    if (shell.exitCode === null && shell.signalCode === null) await once(shell, 'exit');
  });
