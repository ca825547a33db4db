import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';

/**
 * How often a connection without a request is passed over before it counts as idle. Between two looks what has come is
 * read, so that a machine that is too busy for that does not cut a request off, as a span of time would.
 */
const LOOKS = 20;

/** Milliseconds of a turn of the event loop in which hardly anything can have come. */
const SHORT_TURN = 0.5;

/** Milliseconds to wait for such a turn, at most. */
const LONGEST_WAIT = 1_000;

/**
 * Lets a server that is about to stop lose its clients without losing a request. From `begin` on, each answer says
 * `Connection: close`, so that the next request goes elsewhere. What Node calls idle, and closes when the server stops, is
 * also a connection whose first request is on its way; here it is only one that has been answered.
 */
export const createLettingGo = () => {
  /** Requests under way of each connection, and the looks that are left to it until its first one. */
  const connections = new Map<Socket, { open: number; looks: number }>();
  const answering = new Set<ServerResponse>();
  let begun = false;
  let made = 0;

  const closeIdle = (): void => {
    for (const [socket, connection] of connections) {
      if (connection.open > 0) continue;
      if (connection.looks > 0) connection.looks -= 1;
      else socket.destroy();
    }
  };

  return {
    /** To be called once, before the server listens. */
    attach: (server: Server): void => {
      server.on('connection', (socket: Socket) => {
        made += 1;
        connections.set(socket, { open: 0, looks: LOOKS });
        socket.once('close', () => connections.delete(socket));
      });
      server.closeIdleConnections = closeIdle;
    },
    /** To be called with each response before it is written. */
    watch: (response: ServerResponse): void => {
      const connection = response.socket && connections.get(response.socket);
      if (connection) {
        connection.open += 1;
        connection.looks = 0;
      }
      if (begun) response.shouldKeepAlive = false;
      answering.add(response);
      response.once('close', () => {
        answering.delete(response);
        if (connection) connection.open -= 1;
      });
    },
    begin: (): void => {
      begun = true;
      for (const response of answering) response.shouldKeepAlive = false;
    },
    /**
     * Ends listening. The system resets connections that it has made and we have not taken yet, one of which comes with
     * each turn of the event loop: so it is done right after a turn that brought none.
     */
    stopListening: (server: Server): Promise<void> =>
      new Promise((resolve) => {
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
      }),
  };
};
