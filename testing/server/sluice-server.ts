import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE } from './compile-cache.ts';

const MAIN = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url));

/**
 * A real server, in a process and a data folder of its own, until the tests of the calling file have run.
 * @param settings SLUICE_* variables beyond those that every test server has
 */
export const startSluice = async (
  settings: Record<string, string> = {},
): Promise<{ baseUrl: string; apiKey: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-client-test-'));
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('SLUICE_'));
  const always = { ...COMPILE_CACHE, SLUICE_DATA_DIR: folder, SLUICE_PORT: '0', SLUICE_LOG_LEVEL: 'warn' };
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: { ...Object.fromEntries(inherited), ...always, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  after(async () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const baseUrl = await announcedUrl(child);
  return { baseUrl, apiKey: (await readFile(join(folder, 'api-key'), 'utf8')).trim() };
};

const announcedUrl = (child: ChildProcess & { stdout: NodeJS.ReadableStream }): Promise<string> =>
  new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = /http:\/\/\S+/.exec(line)?.[0];
      if (url !== undefined) resolve(url);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The server ended with code ${code} before it listened.`)));
  });
