import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';

const BINARIES = join(import.meta.dirname, '..', '..', '.services', 'bin');

/** A program that `go install` builds: `package` within the module's `version`. */
export type GoProgram = { package: string; version: string };

/**
 * Path of the program, built first if this version is not there yet. Built programs stay in `.services/bin`.
 * @throws if there is no Go, or the build fails
 */
export const installGoProgram = ({ package: source, version }: GoProgram): string => {
  const name = basename(source);
  const program = join(BINARIES, `${name}-${version}`);
  if (existsSync(program)) return program;

  process.stderr.write(`Building ${source} ${version}; this takes some minutes, once …\n`);
  mkdirSync(BINARIES, { recursive: true });
  const scratch = mkdtempSync(join(BINARIES, 'build-'));
  try {
    run('go', ['install', `${source}@${version}`], { GOBIN: scratch });
    renameSync(join(scratch, name), program); // whole or not at all, whoever builds beside us
    chmodSync(program, 0o755);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return program;
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
