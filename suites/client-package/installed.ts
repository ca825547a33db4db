import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const CACHE = join(import.meta.dirname, '.installed');
const CLIENT = join(import.meta.dirname, '..', '..', 'packages', 'client');

/** Builds and packs the client and installs it, alone, into an empty project. @returns the project's folder */
export const installClient = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-client-package-'));
  const built = join(folder, 'built');
  run(process.execPath, [join(CLIENT, 'scripts', 'build.ts'), built]);
  const tarball = join(folder, 'tarball');
  const project = join(folder, 'project');
  mkdirSync(tarball);
  mkdirSync(project);
  run('npm', ['pack', built, '--pack-destination', tarball]);
  const [packed] = readdirSync(tarball);
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ name: 'somebody', private: true, type: 'module' }),
  );
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(tarball, packed as string)], project);
  return project;
};

/** A Node of that line, installed once out of the npm package `node`. @returns path of its executable */
export const installNode = (major: number): string => {
  const folder = join(CACHE, `node-${major}`);
  const executable = join(folder, 'node_modules', 'node', 'bin', 'node');
  if (!existsSync(executable)) {
    process.stderr.write(`Installing Node ${major} …\n`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const description = { name: 'one-node', private: true, allowScripts: { node: true } };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(description));
    run('npm', ['install', '--no-audit', '--no-fund', '--no-save', `node@${major}`], folder);
  }
  return executable;
};

/** Debian's Chromium, installed where it is missing. @returns path of its executable */
export const installChromium = (): string => {
  const executable = '/usr/bin/chromium';
  if (!existsSync(executable)) {
    const root = process.getuid?.() === 0 ? [] : ['sudo'];
    const aptGet = (...args: string[]) => {
      const [command = 'apt-get', ...rest] = [...root, 'apt-get', '-q', '-y', ...args];
      run(command, rest);
    };
    process.stderr.write('Installing Chromium …\n');
    aptGet('update');
    aptGet('install', '--no-install-recommends', 'chromium');
  }
  return executable;
};

/** What it prints goes to where errors go. @throws if it fails */
const run = (command: string, args: string[], cwd?: string): void => {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 2, 2] });
  if (error) throw new Error(`${command} could not be started: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ${args.slice(0, 2).join(' ')} failed`);
};
