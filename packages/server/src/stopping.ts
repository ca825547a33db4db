import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Server } from './app.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Ends a server on SIGTERM or SIGINT: for `drainSeconds` it serves on and only tells balancers to look elsewhere, then it
 * stops. A second signal skips that wait; one that comes while it stops ends the process at once.
 */
export const stopOnSignals = (server: Server, drainSeconds: number, log: Logger): void => {
  const hurry = new AbortController();
  const stop = async (): Promise<void> => {
    server.drain();
    await pause(drainSeconds * 1000, undefined, { signal: hurry.signal }).catch(() => {});
    for (const signal of SIGNALS) process.off(signal, onSignal);
    await server.close();
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) {
      hurry.abort();
      return;
    }
    stopping = true;
    log.info({ signal, drainSeconds }, 'stopping');
    stop().catch((error: unknown) => {
      log.fatal({ err: error }, 'did not stop cleanly');
      process.exit(1);
    });
  };
  let stopping = false;
  for (const signal of SIGNALS) process.on(signal, onSignal);
};
