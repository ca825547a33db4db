// The door of every npm script. It runs on whatever Node the machine has, installs the pinned packages when they
// are absent or out of date (the Node the project runs on is one of them), and hands over to that Node.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'node_modules', '.sluice-lock');
const node = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

if (!existsSync(node) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  process.stderr.write('Installing packages …\n');
  const install = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (install.status !== 0) process.exit(install.status ?? 1);
  writeFileSync(stamp, lock);
}

const child = spawn(node, process.argv.slice(2), {
  cwd: root,
  // Most of what is started here starts others: what one has compiled the next finds ready.
  env: { NODE_COMPILE_CACHE: join(root, 'node_modules', '.compile-cache'), ...process.env },
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
let told = false;
const stop = (signal) => {
  told = true;
  child.kill(signal);
};
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, stop);
// npm stops its scripts by stopping the shell between, which tells nobody: who has lost it stops what it started. Once: a
// second signal would be an impatient one.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && !told && stop('SIGTERM'), 300).unref();
process.on('SIGINT', () => {}); // a terminal sends Ctrl-C to the child as well: outlive it, then report its exit
child.on('exit', (code, signal) => {
  process.exitCode = signal ? 1 : (code ?? 1);
});
