import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Server } from './app.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Milliseconds that a start gets to end by itself once it is stopped, a database that does not answer or a long migration
 * notwithstanding: each of its steps is done whole or not at all.
 */
const LONGEST_END_OF_START = 3000;

/** While a server starts: `stop` is aborted by the first SIGTERM or SIGINT; a second one ends the process at once. */
export const watchSignals = (log: Logger): { stop: AbortSignal; release: () => void } => {
  const stop = new AbortController();
  let hurry: NodeJS.Timeout | undefined;
  const release = (): void => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
    clearTimeout(hurry);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    release();
    log.info({ signal }, 'stopping');
    hurry = setTimeout(() => process.exit(0), LONGEST_END_OF_START).unref();
    stop.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
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
    for (const signal of SIGNALS) process.off(signal, onSignal);
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
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) hurry.abort();
    else {
      stopping = true;
      log.info({ signal, drainSeconds }, 'stopping');
      drain();
    }
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return { end };
};
