import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const ROOT = join(import.meta.dirname, '..', '..');
const ENVIRONMENTS = join(ROOT, '.venv');

/**
 * Makes the virtual environment of a suite out of its `requirements.txt`, unless the one that is there holds these very
 * requirements. The stamp is written last: an installation that was cut short is made anew.
 * @param suite name of its folder
 * @returns path of its Python
 */
export const preparePython = (suite: string): string => {
  const folder = join(ENVIRONMENTS, suite);
  const python = join(folder, 'bin', 'python');
  const stamp = join(folder, 'requirements.sha256');
  const requirements = join(ROOT, 'suites', suite, 'requirements.txt');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;

  process.stderr.write(`Installing the Python packages of ${suite} …\n`);
  rmSync(folder, { recursive: true, force: true });
  run('python3', ['-m', 'venv', folder]);
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
  writeFileSync(stamp, wanted);
  return python;
};

const run = (command: string, args: string[]): void => {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (error) throw new Error(`${command} could not be started: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ${args.slice(0, 3).join(' ')} failed`);
};
