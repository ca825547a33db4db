import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Milliseconds that a test may take: a change may be one that never ends. */
const LONGEST_TEST = 60_000;

/**
 * Runs files of tests in a copy of the sources until one fails.
 * @returns the name of the test that failed; undefined where all passed
 */
export const firstFailure = (
  copy: string,
  tests: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> => {
  const reporter = join(copy, 'scripts', 'mutations', 'first-failure.ts');
  const files = tests.map((file) => join('packages', file));
  const settings = [`--test-timeout=${LONGEST_TEST}`, '--test-concurrency=1', `--test-reporter=${reporter}`];
  const temporary = join(copy, 'tmp'); // what killed tests leave behind goes with the copy
  mkdirSync(temporary, { recursive: true });
  const { SLUICE_TEST_SERVICES: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  const child = spawn(process.execPath, ['--test', ...settings, ...files], {
    cwd: copy,
    env: { ...env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true, // a group of its own, which ends as one
  });
  const end = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // it is over
    }
  };
  signal.addEventListener('abort', end);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
    if (output.includes('\n')) end();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      signal.removeEventListener('abort', end);
      end(); // also what a test has started and left
      if (signal.aborted) reject(signal.reason);
      else resolve(code === 0 ? undefined : (output.split('\n')[0] ?? ''));
    });
  });
};
