import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = join(ROOT, '.venv', 'official-sdk');
const STAMP = join(FOLDER, 'requirements.sha256');
const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');

/**
 * Makes the virtual environment that the suite runs in, unless the one that is there holds these very requirements.
 * The stamp is written last: an installation that was cut short is made anew.
 * @returns path of its Python
 */
export const preparePython = (): string => {
  const python = join(FOLDER, 'bin', 'python');
  const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  if (existsSync(python) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return python;

  process.stderr.write('Installing the official SDK …\n');
  rmSync(FOLDER, { recursive: true, force: true });
  run('python3', ['-m', 'venv', FOLDER]);
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS]);
  writeFileSync(STAMP, wanted);
  return python;
};

const run = (command: string, args: string[]): void => {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2] });
  if (error) throw new Error(`${command} could not be started: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ${args.slice(0, 3).join(' ')} failed`);
};
