import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Cuts a request of whose body nothing comes for `idle` milliseconds; what reads it then finds it interrupted. To be
 * called when the head is there. Neither an answer that takes long nor a body that waits for us to read it counts as
 * idle, which is why a timeout of the socket would not do.
 */
export const cutIfStalled = (request: IncomingMessage, response: ServerResponse, idle: number): void => {
  const { headers, socket } = request;
  if (headers['transfer-encoding'] === undefined && !(Number(headers['content-length']) > 0)) return;
  let seen = socket.bytesRead;
  const timer = setInterval(() => {
    if (request.complete) clearInterval(timer);
    else if (request.readableLength > 0 || socket.bytesRead !== seen) seen = socket.bytesRead;
    else if (response.headersSent || socket.writableEnded) socket.destroy();
    else socket.end(TIMED_OUT, () => socket.destroy());
  }, idle);
  request.once('close', () => clearInterval(timer));
};

const DETAIL = JSON.stringify({ detail: 'The body of the request stopped coming.' });

/** Written past the response, as Node does where a request takes too long: whoever answers it has not got it yet. */
const TIMED_OUT = [
  'HTTP/1.1 408 Request Timeout',
  'Connection: close',
  'Content-Type: application/json; charset=utf-8',
  `Content-Length: ${DETAIL.length}`,
  '',
  DETAIL,
].join('\r\n');
