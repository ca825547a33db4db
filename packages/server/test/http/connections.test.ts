import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { watchConnections } from '../../src/http/connections.ts';
import { API_KEY, startHarness } from '../harness.ts';

const IDLE = 60_000;

/** A connection that has sent the head of a request, and what the server said, which has it therefore. */
const beginRequest = async (
  t: TestContext,
  url: string,
  head: string[],
): Promise<{ socket: Socket; begun: string }> => {
  const socket = connect(Number(new URL(url).port), new URL(url).hostname);
  t.after(() => socket.destroy());
  socket.write([...head, 'Host: sluice', 'Expect: 100-continue', '', ''].join('\r\n'));
  const begun = String((await once(socket, 'data'))[0]);
  assert.match(begun, /^HTTP\/1.1 100 /);
  return { socket, begun };
};

/** Lets time pass until the server has ended the connection; what it said before. */
const waitForEnd = async (t: TestContext, socket: Socket): Promise<string> => {
  let said = '';
  socket.on('data', (chunk) => {
    said += chunk;
  });
  socket.on('error', () => {}); // it may well be reset
  for (let turns = 0; !socket.closed; turns++) {
    assert.ok(turns < 20_000, 'the connection stays');
    t.mock.timers.tick(IDLE);
    await turn();
  }
  return said;
};

const UPLOAD = ['POST /api/v1/workspaces/default/files HTTP/1.1', 'Content-Length: 1000000'];
const MULTIPART = 'Content-Type: multipart/form-data; boundary=b';
const AUTHORIZED = `Authorization: Bearer ${API_KEY}`;
const PART = '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nsome of it';

for (const [what, head, body, answer] of [
  ['an upload that stops', [...UPLOAD, MULTIPART, AUTHORIZED], PART, /\nHTTP\/1.1 408 .*"detail":"The body/s],
  ['an upload that does not begin', [...UPLOAD, MULTIPART, AUTHORIZED], '', /\nHTTP\/1.1 408 /],
  [
    'a chunked one',
    ['POST /api/v1/workspaces HTTP/1.1', 'Transfer-Encoding: chunked', AUTHORIZED],
    '1\r\n{',
    /\nHTTP\/1.1 408 /,
  ],
  ['one that was refused already', [...UPLOAD, MULTIPART], PART, /\nHTTP\/1.1 401 /],
] as const) {
  test(`the connection of ${what} is ended`, async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] });
    const { server } = await startHarness(t);
    const { socket, begun } = await beginRequest(t, server.url, [...head]);
    socket.write(body);
    assert.match(begun + (await waitForEnd(t, socket)), answer);
    t.mock.timers.reset();
  });
}

/** A server that only watches bodies. */
const watching = async (t: TestContext, handle: RequestListener): Promise<string> => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const server = createServer();
  const connections = watchConnections(server);
  server.on('request', (request, response) => connections.take({ request, response, handle }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

test('a body that moves is not cut, however slow it is, nor is an answer that takes long', async (t) => {
  const arrived = Promise.withResolvers<IncomingMessage>();
  const answer = Promise.withResolvers<void>();
  const url = await watching(t, async (request, response) => {
    arrived.resolve(request);
    await answer.promise;
    response.end('done');
  });
  const { socket } = await beginRequest(t, url, [
    'POST / HTTP/1.1',
    'Content-Length: 5',
    'Connection: close',
  ]);
  const request = await arrived.promise;
  for (let sent = 0; sent < 5; sent++) {
    socket.write('x');
    await once(request, 'data');
    t.mock.timers.tick(IDLE);
  }
  await once(request, 'end');
  t.mock.timers.tick(10 * IDLE);
  answer.resolve();
  assert.match(await text(socket), /^HTTP\/1.1 200 .*done$/s);
});

test('a body that waits for its reader is not cut', async (t) => {
  const arrived = Promise.withResolvers<IncomingMessage>();
  const url = await watching(t, async (request, response) => {
    arrived.resolve(request);
    response.on('close', () => request.destroy());
  });
  const { socket } = await beginRequest(t, url, ['POST / HTTP/1.1', 'Content-Length: 1000000']);
  const request = await arrived.promise;
  socket.write('x'.repeat(200_000));
  while (request.readableLength === 0) await turn();
  t.mock.timers.tick(10 * IDLE);
  assert.equal(request.destroyed, false);
  assert.equal(request.socket.writableEnded, false);
});
