import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';

const BINARIES = join(import.meta.dirname, '..', '..', '.services', 'bin');

/** A program that `go install` builds: `package` within the module's `version`. */
export type GoProgram = { package: string; version: string };

const programPath = ({ package: source, version }: GoProgram): string =>
  join(BINARIES, `${basename(source)}-${version}`);

export const isGoProgramThere = (program: GoProgram): boolean => existsSync(programPath(program));

/**
 * Path of the program, built first if this version is not there yet; how far it is goes to standard error. Built programs stay in
 * `.services/bin`.
 * @throws if there is no Go, or the build fails
 */
export const installGoProgram = (program: GoProgram): Promise<string> => {
  const built = building.then(() => buildUnlessThere(program));
  building = built.catch(() => {});
  return built;
};

/** One build after the other: each takes all processors by itself. */
let building: Promise<unknown> = Promise.resolve();

const buildUnlessThere = async (program: GoProgram): Promise<string> => {
  const path = programPath(program);
  if (existsSync(path)) return path;

  const { package: source, version } = program;
  const name = basename(source);
  process.stderr.write(`Building ${source} ${version}, once; a calm machine takes some minutes …\n`);
  mkdirSync(BINARIES, { recursive: true });
  const scratch = mkdtempSync(join(BINARIES, 'build-'));
  try {
    await goInstall(name, `${source}@${version}`, scratch);
    renameSync(join(scratch, name), path); // whole or not at all, whoever builds beside us
    chmodSync(path, 0o755);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return path;
};

const TOLD_EVERY_MS = 10_000;

/** Go names each package it compiles: they are counted, and told now and then. What else it says is passed on. */
const goInstall = async (name: string, what: string, folder: string): Promise<void> => {
  const go = spawn('go', ['install', '-v', what], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, GOBIN: folder },
  });
  const start = performance.now();
  let compiled = 0;
  const tell = setInterval(() => {
    const seconds = Math.round((performance.now() - start) / 1000);
    process.stderr.write(`  ${name}: ${compiled} packages compiled, ${seconds} s …\n`);
  }, TOLD_EVERY_MS);
  createInterface(go.stderr).on('line', (line) => {
    if (/^[\w./~-]+$/.test(line)) compiled += 1;
    else process.stderr.write(`${line}\n`);
  });
  try {
    const [code] = (await once(go, 'close').catch((error: Error) => {
      throw new Error(`go could not be started: ${error.message}`);
    })) as [number | null];
    if (code !== 0) throw new Error(`go install ${what} failed`);
  } finally {
    clearInterval(tell);
  }
};

/**
 * Folder of PostgreSQL's programs, the newest version if there are several. Debian's package is installed if none is there.
 * @throws if there is none and it cannot be installed
 */
export const installPostgres = (): string => {
  const found = postgresFolder();
  if (found) return found;
  installPackages(['postgresql']);
  const installed = postgresFolder();
  if (!installed) throw new Error('The package postgresql brought no /usr/lib/postgresql/*/bin');
  return installed;
};

const CEPH_PROGRAMS = ['ceph', 'ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin'];

/** Installs Ceph by Debian's packages, unless its programs are there. @throws if it cannot be installed */
export const installCeph = (): void => {
  const isThere = CEPH_PROGRAMS.every((program) => existsSync(join('/usr/bin', program)));
  if (!isThere) installPackages(['ceph-mon', 'ceph-osd', 'radosgw']);
};

const installPackages = (packages: string[]): void => {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(`Not installed. On Debian: apt-get install ${packages.join(' ')}`);
  }
  process.stderr.write(`Installing ${packages.join(', ')} …\n`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], env);
  run('apt-get', ['install', '-qq', '--no-install-recommends', ...packages], env);
};

const postgresFolder = (): string | undefined => {
  const [newest] = globSync('/usr/lib/postgresql/*/bin/initdb').sort((a, b) => version(b) - version(a));
  if (newest) return join(newest, '..');
  const { status, stdout } = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' });
  return status === 0 && existsSync(join(stdout.trim(), 'initdb')) ? stdout.trim() : undefined;
};

const version = (path: string): number => Number(path.split('/')[4]);

const run = (command: string, args: string[], env: Record<string, string>): void => {
  const { status, error } = spawnSync(command, args, {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...env },
  });
  if (error) throw new Error(`${command} could not be started: ${error.message}`);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`);
};
