import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { installPostgres } from './install.ts';
import { createService, freePort, type Service, startOrRemove } from './service.ts';

export type Postgres = Service & {
  /** Of the database `postgres`; the user owns the server and may create databases. */
  url: string;
  port: number;
};

export type PostgresOptions = {
  /** Where the data are kept; made and initialised if need be, and not deleted by `remove`. By default a temporary folder. */
  directory?: string;
  /** By default any free one. */
  port?: number;
  /** Nothing is flushed to disk: faster, and a loss of power loses data. A killed process does not. */
  fast?: boolean;
};

const USER = 'sluice';
const PASSWORD_FILE = 'password';
const FAST = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** Starts a PostgreSQL of its own on loopback, with the package of Debian if none is installed. */
export const startPostgres = async ({
  directory,
  port,
  fast = false,
}: PostgresOptions = {}): Promise<Postgres> => {
  const programs = installPostgres();
  const user = unprivileged();
  const folder = directory ?? mkdtempSync(join(tmpdir(), 'sluice-postgres-'));
  mkdirSync(folder, { recursive: true });
  if (user) chownSync(folder, user.uid, user.gid);
  const password = initialise(programs, folder, user);
  const chosenPort = port ?? (await freePort());

  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${chosenPort}`,
    'unix_socket_directories=',
    'max_connections=300',
    'timezone=UTC',
    ...(fast ? FAST : []),
  ];
  const service = createService({
    name: 'PostgreSQL',
    command: [
      join(programs, 'postgres'),
      '-D',
      join(folder, 'data'),
      ...settings.flatMap((setting) => ['-c', setting]),
    ],
    user,
    stopSignal: 'SIGINT', // does not wait for the clients to leave
    isReady: () => answers(join(programs, 'pg_isready'), chosenPort),
    deleteData: async () => {
      if (directory === undefined) rmSync(folder, { recursive: true, force: true });
    },
  });
  await startOrRemove(service);
  return {
    ...service,
    port: chosenPort,
    url: `postgresql://${USER}:${password}@127.0.0.1:${chosenPort}/postgres`,
  };
};

/** PostgreSQL refuses to run as root: its own user if there is one, else the user of least rights. */
const unprivileged = (): { uid: number; gid: number } | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) =>
      Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout.trim() || Number.NaN),
    );
    if (uid && gid) return { uid, gid };
  }
  throw new Error(
    'PostgreSQL refuses to run as root, and there is neither a user postgres nor a user nobody',
  );
};

/** Makes the cluster unless it is there. Returns the password of its user, which the folder keeps. */
const initialise = (
  programs: string,
  folder: string,
  user: { uid: number; gid: number } | undefined,
): string => {
  const passwordFile = join(folder, PASSWORD_FILE);
  if (existsSync(join(folder, 'data', 'PG_VERSION'))) return readFileSync(passwordFile, 'utf8');

  const password = randomBytes(16).toString('hex');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) chownSync(passwordFile, user.uid, user.gid);
  const { status, stderr } = spawnSync(
    join(programs, 'initdb'),
    [
      `--pgdata=${join(folder, 'data')}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      // Most installations sort by language, not by byte: what relies on bytes must say so in its SQL.
      '--locale-provider=icu',
      '--icu-locale=en-US',
      '--no-sync',
    ],
    { cwd: '/', encoding: 'utf8', ...user },
  );
  if (status !== 0) throw new Error(`initdb failed:\n${stderr}`);
  return password;
};

const answers = async (program: string, port: number): Promise<boolean> => {
  const child = spawn(program, ['--quiet', '--host=127.0.0.1', `--port=${port}`], { stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  return code === 0;
};
