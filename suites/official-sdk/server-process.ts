import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';

export type RunningServer = {
  /** Without a trailing slash and without `/api/v1`. */
  url: string;
  key: string;
  /** @throws if it does not stop cleanly */
  stop: () => Promise<void>;
};

const MAIN = join(import.meta.dirname, '..', '..', 'packages', 'server', 'src', 'main.ts');
const KEY = 'api_official_sdk_suite_0123456789';

/** Milliseconds the server has to start, and to stop. */
const PATIENCE = 30_000;

/** Starts a server of its own process, as an operator does, on a folder and a free port. */
export const startServer = async (
  directory: string,
  settings: Record<string, string>,
): Promise<RunningServer> => {
  const server = spawn(process.execPath, [MAIN, 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      SLUICE_DATA_DIR: directory,
      SLUICE_PORT: '0',
      SLUICE_API_KEY: KEY,
      SLUICE_LOG_LEVEL: 'error',
      // The SDK's own integration test looks for "-user-files-upload.s3.amazonaws.com/" in the form's URL.
      SLUICE_BUCKET: 'sluice-user-files-upload.s3.amazonaws.com',
      ...settings,
    },
  });
  try {
    return { url: await printedUrl(server), key: KEY, stop: () => stop(server) };
  } catch (error) {
    server.kill('SIGKILL');
    throw error;
  }
};

const printedUrl = (server: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The server did not print its URL in time')), PATIENCE);
    const fail = (reason: string) => {
      clearTimeout(timer);
      reject(new Error(reason));
    };
    server.once('error', (error) => fail(`The server could not be started: ${error.message}`));
    server.once('exit', (code, signal) => fail(`The server ended at its start: ${signal ?? code}`));
    if (!server.stdout) return fail('The server has no output');
    // Reading goes on after the line: a full pipe would hold the server up.
    createInterface(server.stdout).on('line', (line) => {
      const url = /^Sluice listens on (\S+)$/.exec(line)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
  });

const stop = async (server: ChildProcess): Promise<void> => {
  if (server.exitCode !== null || server.signalCode !== null) {
    throw new Error(`The server ended during the tests: ${server.signalCode ?? server.exitCode}`);
  }
  const timer = setTimeout(() => server.kill('SIGKILL'), PATIENCE);
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  const [code, signal] = await ended;
  clearTimeout(timer);
  if (code !== 0) throw new Error(`The server did not stop cleanly: ${signal ?? code}`);
};
