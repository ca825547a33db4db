import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

/** A server that runs beside the tests: it can be taken away and brought back on the same port and data. */
export type Service = {
  /** Process id of the running server, `undefined` while it is stopped. */
  pid(): number | undefined;
  /** Resolves when the server answers. Does nothing if it runs. */
  start(): Promise<void>;
  /** Sends `signal` (by default the one that asks for a clean stop) and resolves when the process has ended. The data stay. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Stops the server and deletes the data. */
  remove(): Promise<void>;
};

export type ServiceSpec = {
  name: string;
  command: string[];
  env?: Record<string, string>;
  /** Runs the server as this user; the process must be root. */
  user?: { uid: number; gid: number } | undefined;
  stopSignal: NodeJS.Signals;
  isReady: () => Promise<boolean>;
  deleteData: () => Promise<void>;
};

const READY_MS = 60_000;
const STOP_MS = 30_000;
const DRAIN_MS = 1_000;
const POLL_MS = 50;
const KEPT_LINES = 30;

/**
 * A service that is not started yet. `start` rejects with the last lines of the server's output if it ends early or is not
 * ready within a minute.
 */
export const createService = (spec: ServiceSpec): Service => {
  let running: Running | undefined;

  const start = async (): Promise<void> => {
    if (running && !running.hasEnded()) return;
    const deadline = Date.now() + READY_MS;
    running = launch(spec);
    while (!(await spec.isReady())) {
      if (running.hasEnded()) {
        // After a kill the old server's children may hold its memory or port for a moment longer.
        if (Date.now() > deadline || !running.isTransient())
          throw await failure(spec.name, 'ended early', running);
        running = launch(spec);
      }
      if (Date.now() > deadline) {
        await running.end('SIGKILL');
        throw await failure(spec.name, 'did not become ready', running);
      }
      await delay(POLL_MS);
    }
  };

  const stop = async (signal: NodeJS.Signals = spec.stopSignal): Promise<void> => {
    await running?.end(signal);
    running = undefined;
  };

  return {
    pid: () => (running?.hasEnded() ? undefined : running?.pid),
    start,
    stop,
    remove: async () => {
      await stop();
      await spec.deleteData();
    },
  };
};

/** For a start that nobody could undo: if the service does not come up, its data go. */
export const startOrRemove = async (service: Service): Promise<void> => {
  try {
    await service.start();
  } catch (error) {
    await service.remove();
    throw error;
  }
};

type Running = {
  pid: number | undefined;
  hasEnded: () => boolean;
  isTransient: () => boolean;
  end: (signal: NodeJS.Signals) => Promise<void>;
  /** Its last lines, once all it wrote has been read. */
  output: () => Promise<string>;
};

const launch = ({ command, env = {}, user }: ServiceSpec): Running => {
  const [file, ...args] = tiedToThisProcess(command);
  if (file === undefined) throw new Error('An empty command cannot be started');
  const child = spawn(file, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: '/',
    detached: true, // a terminal's Ctrl-C is for whoever started the services; they stop the services last
    ...user,
  });
  const lines = keepOutput(child);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      lines.push(error.message);
      resolve();
    });
  });
  const read = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let over = false;
  void ended.then(() => {
    over = true;
  });
  return {
    pid: child.pid,
    hasEnded: () => over,
    isTransient: () => /still in use|already in use|already exists/.test(lines.join('\n')),
    end: async (signal) => {
      child.kill(signal);
      const impatient = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(impatient);
    },
    output: async () => {
      await Promise.race([read, delay(DRAIN_MS)]); // its children may hold the pipes for longer
      return lines.join('\n');
    },
  };
};

const SETPRIV = '/usr/bin/setpriv';

/** Where the system can do it, the server is ended when this process is killed, however that happens. */
const tiedToThisProcess = (command: string[]): string[] =>
  existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'INT', '--', ...command] : command;

const keepOutput = (child: ChildProcess): string[] => {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      lines.push(...text.split('\n').filter((line) => line !== ''));
      lines.splice(0, lines.length - KEPT_LINES);
    });
  }
  return lines;
};

const failure = async (name: string, what: string, running: Running): Promise<Error> =>
  new Error(`${name} ${what}:\n${await running.output()}`);

/** A port of the loopback interface that nothing listens on at this moment. */
export const freePort = async (): Promise<number> => {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer()
    .once('error', reject)
    .listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  return promise;
};
