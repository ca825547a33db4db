import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { API_KEY, startHarness } from '../../../../../testing/server/harness.ts';
import { watchConnections } from '../../../src/http/connections/connections.ts';

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

for (const [what, path, version, head, expected] of [
  ['of a key', '/api/v1/token', '1.1', 'Connection: close', 401],
  ['of HTTP/1.0', '/api/v1/token', '1.0', AUTHORIZED, 413],
  ['of a path', '/nothing', '1.1', 'Connection: close', 404],
] as const) {
  test(`a refusal ${what} with which the connection ends reaches a client that sends on, and nothing else is done there`, async (t) => {
    const h = await startHarness(t);
    const { port, hostname: host } = new URL(h.server.url);
    const socket = connect({ port: Number(port), host, allowHalfOpen: true });
    t.after(() => socket.destroy());
    let said = '';
    socket.on('data', (chunk) => {
      said += chunk;
    });
    const ended = once(socket, 'end');
    const size = 20_000_000;
    socket.write(
      [`POST ${path} HTTP/${version}`, 'Host: sluice', head, `Content-Length: ${size}`, '', ''].join('\r\n'),
    );
    socket.write('x'.repeat(size));
    const next = [
      'POST /api/v1/workspaces HTTP/1.1',
      'Host: sluice',
      AUTHORIZED,
      'Content-Length: 16',
      '',
      '{"name":"later"}',
    ];
    await new Promise<void>((resolve, reject) => {
      socket.write(next.join('\r\n'), (error) => (error ? reject(error) : resolve()));
    });
    await ended;
    assert.match(said, new RegExp(`^HTTP/1\\.1 ${expected} [^]*"code":"[A-Z_]+"}$`));
    assert.equal((await h.call('GET', '/api/v1/workspaces')).body.length, 1);
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

/** A server whose connections are watched, and how many requests it has seen and begun. */
const taking = async (t: TestContext, handle: RequestListener) => {
  const seen = { parsed: 0, begun: [] as string[] };
  const server = createServer();
  const connections = watchConnections(server);
  server.on('request', (request, response) => {
    seen.parsed += 1;
    connections.take({
      request,
      response,
      handle: (...turn) => {
        seen.begun.push(request.url ?? '');
        handle(...turn);
      },
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // To its end: mocked timers of the next test would take what it clears for their own.
  t.after(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  const open = (): Socket => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => {});
    t.after(() => socket.destroy());
    return socket;
  };
  return { server, connections, seen, open };
};

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: sluice\r\n\r\n`;

test('requests of one connection take turns with those of others, in their order', async (t) => {
  let other: Socket | undefined;
  const { seen, open } = await taking(t, (request, response) => {
    if (request.url === '/0') other?.write(get('/other'));
    response.end(request.url);
  });
  other = open();
  await once(other, 'connect');
  const answered = once(other, 'data');
  const all = new Array(5_000).fill(0).map((_, at) => get(`/${at}`));
  const many = open();
  many.write(all.join(''));
  await answered;
  assert.ok(seen.begun.length < 1_000, `${seen.begun.length} came first`);
  many.resume();
  while (seen.begun.length <= all.length) await turn();
  const own = seen.begun.filter((path) => path !== '/other');
  assert.deepEqual(
    own,
    all.map((_, at) => `/${at}`),
  );
});

test('what waits behind an answer is not read on for ever, and nothing of it is lost', async (t) => {
  const first = Promise.withResolvers<void>();
  const { seen, open } = await taking(t, async (request, response) => {
    if (request.url === '/0') await first.promise;
    request.resume();
    response.end(request.url);
  });
  const count = 20_000;
  const many = open();
  many.write(get('/0') + get('/1').repeat(count));
  let last = -1;
  for (let same = 0; same < 200; same = seen.parsed === last ? same + 1 : 0) {
    last = seen.parsed;
    await turn();
  }
  assert.equal(seen.begun.length, 1);
  assert.ok(seen.parsed < 5_000, `${seen.parsed} are held`);
  many.resume();
  first.resolve();
  while (seen.begun.length <= count) await turn();
  assert.equal(seen.parsed, count + 1);
});

test('what is no HTTP is answered after what came before it, and ends the connection', async (t) => {
  const first = Promise.withResolvers<void>();
  const { open } = await taking(t, async (request, response) => {
    await first.promise;
    response.end(request.url);
  });
  const socket = open();
  const said = text(socket);
  socket.write(`${get('/a')}${get('/b')}nonsense\r\n\r\n`);
  setImmediate(() => first.resolve());
  assert.match(await said, /^HTTP\/1.1 200 .*\/aHTTP\/1.1 200 .*\/bHTTP\/1.1 400 .*"code":"BAD_REQUEST"\}$/s);
});

test('an answer that nobody reads is given up, one that takes long is not', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const answers: ServerResponse[] = [];
  const { server, open } = await taking(t, (request, response) => {
    answers.push(response);
    if (request.url === '/large') response.end(Buffer.alloc(64 * 1024 * 1024));
  });
  const large = open();
  large.pause();
  large.write(get('/large'));
  open().write(get('/long'));
  while (answers.length < 2) await turn();
  const unread = answers.find(({ req }) => req.url === '/large');
  for (let turns = 0; !unread?.closed; turns++) {
    assert.ok(turns < 20_000, 'the connection stays');
    t.mock.timers.tick(IDLE);
    await turn();
  }
  assert.equal(answers.find(({ req }) => req.url === '/long')?.closed, false);
  assert.equal(server.listening, true);
});

test('the rest of a body that nobody wants is read for a while only', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { open } = await taking(t, (_request, response) => response.end('no'));
  const socket = open();
  socket.write('POST / HTTP/1.1\r\nHost: sluice\r\nContent-Length: 100000000\r\n\r\n');
  await once(socket, 'data');
  socket.resume();
  for (let turns = 0; !socket.closed; turns++) {
    assert.ok(turns < 20_000, 'it is read for ever');
    if (socket.writable) socket.write('x');
    t.mock.timers.tick(5_000);
    await turn();
  }
});
