import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { answerToParserError, BODY_STOPPED } from './last-answers.ts';

type Handle = (request: IncomingMessage, response: ServerResponse) => void;
type Turn = { request: IncomingMessage; response: ServerResponse; handle: Handle };

/** One connection and the request it is at. */
type Connection = {
  socket: Socket;
  /** What is being answered, or was answered last. */
  turn: Turn | undefined;
  /** What came behind it, to be handled one after the other. */
  waiting: Turn[];
  /** What has moved so far, and for how many looks nothing has. */
  moved: string;
  still: number;
  /** What came is no HTTP: the answer to that, the last one. */
  broken: string | undefined;
  /** The last word is said. */
  leaving: boolean;
};

/** Milliseconds between two looks at all connections. */
const LOOK = 5_000;

/** Looks that a body may stand still for. */
const SILENCE = 12;

/** Looks that an answer may not be read for. One large piece is seen to move only when all of it has gone. */
const UNREAD = 60;

/** Looks that the rest of a body is read for that nobody wants any more: a client that still sends would miss the answer. */
const LINGER = 2;

/** Milliseconds between looks while the server stops, and how many of them anything may stand still for then. */
const HURRIED_LOOK = 50;
const HURRIED_SILENCE = 15;

export type Connections = {
  /** Handles a request once those before it on its connection are answered, one of a connection per turn of the event loop. */
  take(turn: Turn): void;
  /** From now on each answer is the last one of its connection. */
  letGo(): void;
  /** Ends connections without a request at once, others with their answer, and after `grace` milliseconds all. */
  stop(grace: number): void;
};

/**
 * Keeps a table of all connections. A look at it now and then ends those that stand still: there is no timer per request
 * to outlive it, and an entry goes when its socket closes, which every socket does. What is no HTTP is answered here.
 */
export const watchConnections = (server: Server): Connections => {
  const all = new Map<Duplex, Connection>();
  let lettingGo = false;
  // What it calls idle is also a connection whose first request is on its way; the looks know better.
  server.closeIdleConnections = () => {};

  server.on('connection', (socket) => {
    const connection = newConnection(socket);
    all.set(socket, connection);
    // So Node ends a connection with its last answer. While a body is on its way to it that would reset the connection,
    // and the client lose the answer.
    const { destroySoon } = socket;
    socket.destroySoon = () => {
      if (connection.turn?.request.complete === false && !connection.leaving) leave(connection);
      else destroySoon.call(socket);
    };
    socket.once('close', () => {
      connection.waiting = [];
      all.delete(socket);
    });
    // Whatever makes Node read on, a body that is read to its end for example: not while requests wait here.
    socket.on('resume', () => {
      if (connection.waiting.length > 0) socket.pause();
    });
  });
  server.on('clientError', (error, socket) => refuse(error, socket));
  server.once('listening', () => {
    const timer = setInterval(() => {
      for (const connection of all.values()) look(connection);
    }, LOOK).unref();
    server.once('close', () => clearInterval(timer));
  });

  const take = (turn: Turn): void => {
    const connection = all.get(turn.request.socket);
    if (lettingGo) turn.response.shouldKeepAlive = false;
    if (connection?.leaving) return; // what follows a last answer is not asked any more
    if (connection === undefined) turn.handle(turn.request, turn.response);
    else if (connection.waiting.length === 0 && !isBusy(connection)) begin(connection, turn);
    else {
      if (connection.waiting.push(turn) === 1) afterAnswer(connection);
      connection.socket.pause();
    }
  };

  /** Answers what the parser could not read, after all that came before it on the connection, and ends the connection. */
  const refuse = (error: Error & { code?: string }, socket: Duplex): void => {
    const connection = all.get(socket);
    // Who has sent nothing at all is not waiting for an answer: browsers open connections for later.
    const silent = connection?.socket.bytesRead === 0;
    if (connection === undefined || error.code === 'ECONNRESET' || silent || !socket.writable) {
      socket.destroy();
    } else if (connection.broken === undefined) {
      connection.broken = answerToParserError(error.code);
      const { turn } = connection;
      // The rest of a body that was answered before its end needs no second answer.
      if (!isBusy(connection)) leave(connection, turn?.request.complete === false ? '' : connection.broken);
      else if (!turn?.request.complete && connection.waiting.length === 0) cut(connection, connection.broken);
      else if (connection.waiting.length === 0) afterAnswer(connection);
    }
  };

  const letGo = (): void => {
    lettingGo = true;
    for (const { turn, waiting } of all.values()) {
      for (const one of turn ? [turn, ...waiting] : waiting) one.response.shouldKeepAlive = false;
    }
  };

  const stop = (grace: number): void => {
    letGo();
    const hurry = (): void => {
      for (const connection of all.values()) hurriedLook(connection);
    };
    const timer = setInterval(hurry, HURRIED_LOOK).unref();
    const end = setTimeout(() => server.closeAllConnections(), grace).unref();
    server.once('close', () => {
      clearInterval(timer);
      clearTimeout(end);
    });
    hurry();
  };

  return { take, letGo, stop };
};

const newConnection = (socket: Socket): Connection => ({
  socket,
  turn: undefined,
  waiting: [],
  moved: '',
  still: 0,
  broken: undefined,
  leaving: false,
});

const isBusy = ({ turn }: Connection): boolean => turn !== undefined && !turn.response.closed;

const begin = (connection: Connection, turn: Turn): void => {
  connection.turn = turn;
  connection.still = 0;
  turn.handle(turn.request, turn.response);
};

/** Goes on with what waits once the answer at hand is out. Not before others had their turn. */
const afterAnswer = (connection: Connection): void => {
  connection.turn?.response.once('close', () => setImmediate(next, connection));
};

const next = (connection: Connection): void => {
  const { socket, waiting, broken } = connection;
  if (socket.destroyed) return;
  const turn = waiting.shift();
  if (turn === undefined) {
    if (broken !== undefined) leave(connection, broken);
    return;
  }
  begin(connection, turn);
  if (waiting.length > 0 || broken !== undefined) afterAnswer(connection);
  else socket.resume();
};

/** Says the last word. What still comes is read for a while, so that the client gets to see it. */
const leave = (connection: Connection, answer = ''): void => {
  const { socket } = connection;
  connection.leaving = true;
  connection.still = 0;
  socket.end(answer);
  socket.resume();
};

/** Ends a request whose body will not come. Written past its response: whoever answers it has not got it yet. */
const cut = (connection: Connection, answer: string): void => {
  const { socket, turn } = connection;
  if (turn?.response.headersSent || socket.writableEnded) socket.destroy();
  else socket.end(answer, () => socket.destroy());
};

const look = (connection: Connection): void => {
  const { socket, turn } = connection;
  const still = standsStill(connection);
  if (connection.leaving) {
    if (connection.still++ >= LINGER) socket.destroy();
  } else if (turn === undefined) {
    // Node's own timeouts are for heads and for connections between requests.
  } else if (turn.response.closed) {
    if (!turn.request.complete && connection.still++ >= LINGER) socket.destroy();
  } else if (!still) connection.still = 0;
  else if (++connection.still >= UNREAD && socket.writableLength > 0) socket.destroy();
  else if (connection.still >= SILENCE && !turn.request.complete) cut(connection, BODY_STOPPED);
};

/** Neither a byte came nor one went. A body that waits for us to read it does not count as standing still. */
const standsStill = (connection: Connection): boolean => {
  const { socket, turn } = connection;
  const moved = `${socket.bytesRead} ${socket.bytesWritten} ${socket.writableLength}`;
  const same = moved === connection.moved;
  connection.moved = moved;
  return same && (turn === undefined || turn.request.complete || turn.request.readableLength === 0);
};

const hurriedLook = (connection: Connection): void => {
  const { socket, turn } = connection;
  const still = standsStill(connection);
  if (connection.leaving) socket.destroy();
  else if (turn === undefined) {
    // What was just connected has a request on its way, most likely.
    if (++connection.still >= HURRIED_SILENCE) socket.destroy();
  } else if (turn.response.closed && connection.waiting.length === 0) {
    if (turn.request.complete) socket.destroySoon();
    else leave(connection);
  } else if (!still) connection.still = 0;
  else if (++connection.still >= HURRIED_SILENCE && !turn.request.complete) cut(connection, BODY_STOPPED);
};
