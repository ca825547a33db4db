import { spawn } from 'node:child_process';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../packages/server/src/main.ts', import.meta.url));

export type Child = {
  pid: number;
  /** Where it listens. Rejects if it ends before. */
  url: Promise<string>;
  /** Resolves when it has ended, to the signal that ended it or its exit code. */
  ended: Promise<NodeJS.Signals | number | null>;
  kill(signal?: NodeJS.Signals): void;
  /** What it wrote so far. */
  output(): string;
};

/** A process of its own that runs a script with these settings, and is killed with the test. */
export const startChild = (
  t: TestContext,
  script: string,
  args: string[],
  settings: Record<string, string>,
): Child => {
  t.signal.throwIfAborted(); // nobody would end what a test starts once its time is up
  const child = spawn(process.execPath, [script, ...args], {
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const url = Promise.withResolvers<string>();
  url.promise.catch(() => {});
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const [, found] = /^Sluice (?:listens|works;.*) on (\S+)$/m.exec(output) ?? [];
      if (found) url.resolve(found);
    });
  }
  const ended = new Promise<NodeJS.Signals | number | null>((resolve) => {
    child.once('close', (code, signal) => {
      url.reject(new Error(`it ended with ${signal ?? code}: ${output}`));
      resolve(signal ?? code);
    });
  });
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    pid: child.pid as number,
    url: url.promise,
    ended,
    kill: (s = 'SIGKILL') => child.kill(s),
    output: () => output,
  };
};

/** What an operator starts: `sluiced serve --no-work`, `sluiced work`. */
export const startSluiced = (t: TestContext, args: string[], settings: Record<string, string>): Child =>
  startChild(t, MAIN, args, { SLUICE_PORT: '0', SLUICE_LOG_LEVEL: 'warn', ...settings });
