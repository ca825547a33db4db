import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Server } from './app.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Milliseconds within which the same signal again is still the first one: a supervisor signals a whole group of processes, and
 * one of them, like npm, passes its own on.
 */
const ONE_SIGNAL = 1000;

/**
 * Milliseconds that a start gets to end by itself once it is stopped, a database that does not answer or a long migration
 * notwithstanding: each of its steps is done whole or not at all.
 */
const LONGEST_END_OF_START = 3000;

/** When each was last heeded. */
const heard = new Map<NodeJS.Signals, number>();

/** Calls `act` with each SIGTERM and SIGINT. @returns what ends that */
const listen = (act: (signal: NodeJS.Signals) => void): (() => void) => {
  const hear = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    if (now - (heard.get(signal) ?? Number.NEGATIVE_INFINITY) < ONE_SIGNAL) return;
    heard.set(signal, now);
    act(signal);
  };
  for (const signal of SIGNALS) process.on(signal, hear);
  return () => {
    for (const signal of SIGNALS) process.off(signal, hear);
  };
};

/** From now on a signal ends the process at once. @returns what takes that back */
const endAtOnce = (): (() => void) => {
  const release = listen((signal) => {
    release();
    process.kill(process.pid, signal);
  });
  return release;
};

/** While a server starts: `stop` is aborted by the first SIGTERM or SIGINT; a second one ends the process at once. */
export const watchSignals = (log: Logger): { stop: AbortSignal; release: () => void } => {
  const stop = new AbortController();
  let hurry: NodeJS.Timeout | undefined;
  let unlisten = listen((signal) => {
    unlisten();
    unlisten = endAtOnce();
    log.info({ signal }, 'stopping');
    hurry = setTimeout(() => process.exit(0), LONGEST_END_OF_START).unref();
    stop.abort();
  });
  const release = (): void => {
    unlisten();
    clearTimeout(hurry);
  };
  return { stop: stop.signal, release };
};

/**
 * Ends a server on SIGTERM or SIGINT: for `drainSeconds` it serves on and only tells balancers to look elsewhere, then it
 * stops. A second signal skips that wait; one that comes while it stops ends the process at once.
 * @returns what ends it without a signal, and without that wait
 */
export const stopOnSignals = (
  server: Server,
  drainSeconds: number,
  log: Logger,
): { end: () => Promise<void> } => {
  const hurry = new AbortController();
  let stopping = false;
  const end = async (): Promise<void> => {
    unlisten();
    endAtOnce();
    await server.close().catch((error: unknown) => {
      log.fatal({ err: error }, 'did not stop cleanly');
      process.exit(1);
    });
  };
  const drain = async (): Promise<void> => {
    server.drain();
    await pause(drainSeconds * 1000, undefined, { signal: hurry.signal }).catch(() => {});
    await end();
  };
  const unlisten = listen((signal) => {
    if (stopping) hurry.abort();
    else {
      stopping = true;
      log.info({ signal, drainSeconds }, 'stopping');
      drain();
    }
  });
  return { end };
};
