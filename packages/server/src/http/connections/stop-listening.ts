import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';

/** Milliseconds of a turn of the event loop in which hardly anything can have come. */
const SHORT_TURN = 0.5;

/** Milliseconds to wait for such a turn, at most. */
const LONGEST_WAIT = 1_000;

/**
 * Ends listening without losing a connection. The system resets those that it has made and we have not taken yet, one of
 * which comes with each turn of the event loop: so it is done right after a turn that brought none.
 */
export const stopListening = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    let made = 0;
    server.on('connection', () => {
      made += 1;
    });
    const end = performance.now() + LONGEST_WAIT;
    let [before, seen] = [0, -1];
    const turn = (): void => {
      const now = performance.now();
      if ((made === seen && now - before < SHORT_TURN) || now > end) {
        // That of the HTTP server looks at its connections first: time in which more of them come.
        NetServer.prototype.close.call(server);
        resolve();
        return;
      }
      [before, seen] = [now, made];
      setImmediate(turn);
    };
    turn();
  });
