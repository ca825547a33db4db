import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

/** A home in which nobody has logged in. */
const emptyHome = await mkdtemp(join(tmpdir(), 'sluice-cli-home-'));
after(() => rm(emptyHome, { recursive: true, force: true }));

/** The executable. */
export const SLUICE = fileURLToPath(new URL('../../packages/cli/src/sluice.mjs', import.meta.url));

export type Ended = { code: number | null; stdout: string; stderr: string };

export type Started = {
  child: ChildProcess & { stdout: Readable; stderr: Readable };
  ended: Promise<Ended>;
};

/** Starts the executable with nothing of this environment but what it takes to run. */
export const startSluiceCommand = (
  args: readonly string[],
  env: Record<string, string>,
  cwd?: string,
): Started => {
  const child = spawn(process.execPath, [SLUICE, ...args], {
    env: { PATH: process.env.PATH, HOME: emptyHome, ...env },
    cwd: cwd ?? emptyHome,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', reject);
  });
  const read = (stream: Readable) => text(stream).catch(() => ''); // a test may stop reading it
  const [stdout, stderr] = [read(child.stdout), read(child.stderr)];
  const ended = Promise.all([code, stdout, stderr]).then(([exitCode, printed, errors]) => ({
    code: exitCode,
    stdout: printed,
    stderr: errors,
  }));
  return { child, ended };
};

/** The executable against one server, with the settings of `npm start` users: from the environment. */
export const sluiceFor =
  ({ baseUrl, apiKey }: { baseUrl: string; apiKey: string }, cwd?: string) =>
  (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
    startSluiceCommand(args, { API_URL: baseUrl, API_KEY: apiKey, ...env }, cwd).ended;

export const jsonLines = ({ stdout }: Ended) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** An empty folder until the tests of the calling file have run. */
export const emptyFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-cli-test-'));
  after(() => rm(folder, { recursive: true, force: true }));
  return folder;
};
