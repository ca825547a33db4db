import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { pump } from '../../load/pump.ts';

const listen = async (server: Server): Promise<URL> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
};

const REQUEST = Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');

test('every request is answered, one at a time on each connection', async (t) => {
  const busy = new Map<unknown, number>();
  const server = createServer((request, response) => {
    busy.set(request.socket, (busy.get(request.socket) ?? 0) + 1);
    assert.equal(busy.get(request.socket), 1);
    setImmediate(() => {
      busy.set(request.socket, 0);
      response.writeHead(busy.size === 1 ? 500 : 204, { 'content-length': 0 }).end();
    });
  });
  t.after(() => server.close());
  let left = 100;
  const result = await pump(await listen(server), 4, () => (left-- > 0 ? REQUEST : undefined));
  assert.equal(result.requests, 100);
  assert.equal(busy.size, 4);
  assert.equal(
    Object.values(result.statuses).reduce((sum, count) => sum + count),
    100,
  );
});

test('a connection that breaks is an error, not fewer requests', async (t) => {
  const server = createServer((request) => request.socket.destroy());
  t.after(() => server.close());
  await assert.rejects(
    pump(await listen(server), 2, () => REQUEST),
    /closed a connection|ECONNRESET/,
  );
});

test('no server is an error', async () => {
  const server = createServer();
  const url = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  await assert.rejects(
    pump(url, 2, () => REQUEST),
    /ECONNREFUSED/,
  );
});
