import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';

const MAIN = join(import.meta.dirname, '..', '..', 'packages', 'server', 'src', 'main.ts');

/**
 * API keys of different users, as an operator makes them, beside the running server: tests that run side by side must not
 * share the number of sessions that a user may have open.
 */
export const createKeys = (directory: string, settings: Record<string, string>, count: number): string[] =>
  Array.from({ length: count }, (_, at) => {
    const user = ['--role', 'ADMIN', '--email', `sdk-${at}@sluice.invalid`];
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'token', 'create', ...user], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, SLUICE_DATA_DIR: directory, ...settings },
    });
    if (status !== 0) throw new Error(`No API key could be made: ${stderr}`);
    return stdout.trim();
  });
