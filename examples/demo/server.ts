import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url));
const START_MS = 30_000;
const STOP_MS = 20_000;

export type DemoServer = {
  url: string;
  apiKey: string;
  /** Asks it to stop, and sees that it does; resolves to its exit code. */
  stop: () => Promise<number | null>;
  /** The last lines it logged. */
  log: () => string[];
};

/** Starts `sluiced serve` on a free port, with a data folder of its own and nothing set but that. */
export const startServer = async (dataFolder: string): Promise<DemoServer> => {
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: {
      ...withoutSettings(process.env),
      SLUICE_DATA_DIR: dataFolder,
      SLUICE_PORT: '0',
      SLUICE_LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const logged: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => logged.push(line));
  const log = () => logged.slice(-10);
  try {
    const url = await announcedUrl(child);
    const apiKey = (await readFile(join(dataFolder, 'api-key'), 'utf8')).trim();
    return { url, apiKey, stop: () => stop(child), log };
  } catch (error) {
    await stop(child);
    throw new Error([error instanceof Error ? error.message : error, ...log()].join('\n'), { cause: error });
  }
};

/** A machine where Sluice is set up already has settings in its environment; none of them may reach the demo. */
const withoutSettings = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('SLUICE_')));

/** The server prints its URL once it listens. */
const announcedUrl = async (child: ChildProcess & { stdout: NodeJS.ReadableStream }): Promise<string> => {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string>((resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`The server did not start within ${START_MS} ms.`)),
        START_MS,
      );
      createInterface({ input: child.stdout }).on('line', (line) => {
        const url = /https?:\/\/\S+/.exec(line)?.[0];
        if (url !== undefined) resolve(url);
      });
      child.once('error', reject);
      child.once('close', (code) =>
        reject(new Error(`The server ended with code ${code} before it listened.`)),
      );
    });
  } finally {
    clearTimeout(timer);
  }
};

const stop = async (child: ChildProcess): Promise<number | null> => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  const [code] = await ended;
  clearTimeout(timer);
  return code;
};
