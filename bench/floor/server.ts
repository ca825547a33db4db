// The least a Node server can do with the same requests: read and drop a body, or answer with bytes it holds already.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const bodies = new Map<number, Buffer>();

/** JSON of exactly that many bytes, at least two. */
const bodyOf = (bytes: number): Buffer => {
  const known = bodies.get(bytes);
  if (known) return known;
  const body = Buffer.from(`"${'x'.repeat(Math.max(bytes, 2) - 2)}"`);
  bodies.set(bytes, body);
  return body;
};

const server = createServer((request, response) => {
  if (request.method === 'POST') {
    request.resume().on('end', () => response.writeHead(204).end());
    return;
  }
  const body = bodyOf(Number(request.url?.slice('/bytes/'.length)));
  response
    .writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length })
    .end(body);
});
server.keepAliveTimeout = 0; // connections stay while the other server is being asked
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.on('SIGTERM', () => process.exit());
