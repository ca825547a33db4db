import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export type Child = AsyncDisposable & { pid: number; process: ChildProcess };

const alive = new Set<ChildProcess>();

/** For a bench that is interrupted: ends, at once, what it started. */
export const killChildren = (): void => {
  for (const child of alive) child.kill('SIGKILL');
};

const STOP_MS = 30_000;

/** Starts a script on this Node with no environment but `env`. Disposing of it ends it and waits until it has ended. */
export const startChild = (
  script: string[],
  { env = {}, ipc = false }: { env?: Record<string, string>; ipc?: boolean } = {},
): Child => {
  const child = spawn(process.execPath, script, {
    env,
    stdio: ['ignore', 'pipe', 'inherit', ...(ipc ? (['ipc'] as const) : [])],
    ...(ipc ? { serialization: 'advanced' } : {}),
  });
  alive.add(child);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      alive.delete(child);
      resolve();
    });
  });
  if (child.pid === undefined) throw new Error(`${script[0]} could not be started`);
  return {
    pid: child.pid,
    process: child,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      const impatient = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await exited;
      clearTimeout(impatient);
    },
  };
};

/** The first URL a child prints: it listens there. Rejects if it ends before. */
export const listeningUrl = async ({ process: child }: Child): Promise<URL> => {
  if (!child.stdout) throw new Error('The output of that child is not read here');
  const found = Promise.withResolvers<URL>();
  // Read to its end, as a full pipe would stop the child.
  createInterface({ input: child.stdout }).on('line', (line) => {
    const url = /https?:\/\/\S+/.exec(line);
    if (url) found.resolve(new URL(url[0]));
  });
  child.once('exit', (code) =>
    found.reject(new Error(`${child.spawnargs[1]} ended early with code ${code}`)),
  );
  return found.promise;
};
