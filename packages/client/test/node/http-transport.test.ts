import assert from 'node:assert/strict';
import http from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { startBareServer } from '../../../../testing/server/bare-server.ts';
import { createConnections } from '../../src/node/connections.ts';
import { httpTransport } from '../../src/node/http-transport.ts';
import {
  type Content,
  contentInMemory,
  openContent,
  UnreadableContent,
} from '../../src/upload/planning/content.ts';
import { fetchTransport } from '../../src/upload/sending/fetch-transport.ts';
import type { FormPost, FormTransport } from '../../src/upload/sending/form-transport.ts';
import { startForgetfulNetwork } from './forgetful-network.ts';

const utf8 = new TextEncoder();

const form = (url: string, content: Content, more: Partial<FormPost> = {}): FormPost => ({
  url,
  contentType: 'multipart/form-data; boundary=B',
  head: utf8.encode('head,'),
  content,
  tail: utf8.encode(',tail'),
  timeoutMs: 20_000,
  signal: undefined,
  ...more,
});

/** A content that is made as it is read. */
const streamed = (chunkSize: number, chunks: number, size = chunkSize * chunks): Content => ({
  size,
  whole: async () => assert.fail('too large for one piece'),
  chunks: async function* () {
    for (let chunk = 0; chunk < chunks; chunk++) yield new Uint8Array(chunkSize).fill(chunk);
  },
});

const start = (t: TestContext): FormTransport => {
  const transport = httpTransport(createConnections(() => ({}), 4));
  t.after(transport.close);
  return transport;
};

const TRANSPORTS = {
  'node:http': () => httpTransport(createConnections(() => ({}), 4)),
  fetch: () => fetchTransport(fetch),
};

for (const [name, create] of Object.entries(TRANSPORTS)) {
  for (const size of [0, 1, 70_000, 2_000_000]) {
    test(`MPF.10: ${name} sends ${size} bytes whole, with their length and no key`, async (t) => {
      const { url, seen } = await startBareServer(t, [204]);
      const transport = create();
      t.after(transport.close);
      const bytes = new Uint8Array(size).map((_, index) => index % 251);
      const reply = await transport.post(form(`${url}/bucket/`, contentInMemory(bytes)));
      assert.deepEqual(reply, { status: 204, retryAfter: null, text: '' });
      const [request] = seen;
      assert.equal(request?.url, '/bucket/');
      assert.equal(request?.headers['content-length'], String(size + 10));
      assert.equal(request?.headers['transfer-encoding'], undefined);
      assert.equal(request?.headers.authorization, undefined);
      assert.equal(request?.headers['content-type'], 'multipart/form-data; boundary=B');
      assert.deepEqual(request?.body, Buffer.concat([Buffer.from('head,'), bytes, Buffer.from(',tail')]));
    });
  }

  test(`${name} hands on a refusal, its body cut`, async (t) => {
    const body = `<Error><Code>AccessDenied</Code>${'x'.repeat(9_000)}`;
    const { url } = await startBareServer(t, [{ status: 503, headers: { 'retry-after': '7' }, body }]);
    const transport = create();
    t.after(transport.close);
    const reply = await transport.post(form(url, contentInMemory('abc')));
    assert.deepEqual(reply, { status: 503, retryAfter: '7', text: body.slice(0, 4096) });
  });

  test(`WHK.2: ${name} does not follow a redirect`, async (t) => {
    const { url, seen } = await startBareServer(t, [
      { status: 307, headers: { location: '/elsewhere' } },
      204,
    ]);
    const transport = create();
    t.after(transport.close);
    assert.equal((await transport.post(form(url, contentInMemory('abc')))).status, 307);
    assert.equal(seen.length, 1);
  });

  for (const size of [3, 2_000_000]) {
    test(`a connection that breaks off during ${size} bytes is a ConnectionError of ${name}`, async (t) => {
      const { url } = await startBareServer(t, ['drop']);
      const transport = create();
      t.after(transport.close);
      const content = contentInMemory(new Uint8Array(size));
      await assert.rejects(transport.post(form(url, content)), {
        name: 'ConnectionError',
        code: 'CONNECTION_FAILED',
      });
    });
  }

  test(`${name} gives up a store that never answers`, async (t) => {
    const { url } = await startBareServer(t, ['hang']);
    const transport = create();
    t.after(transport.close);
    const post = transport.post(form(url, contentInMemory('abc'), { timeoutMs: 50 }));
    await assert.rejects(post, { name: 'ConnectionError', code: 'TIMED_OUT' });
  });

  test(`abort ends a post by ${name} with the reason`, async (t) => {
    const { url } = await startBareServer(t, ['hang']);
    const transport = create();
    t.after(transport.close);
    const reason = new Error('enough');
    const controller = new AbortController();
    const post = transport.post(form(url, contentInMemory('abc'), { signal: controller.signal }));
    setImmediate(() => controller.abort(reason));
    await assert.rejects(post, reason);
    const late = form(url, contentInMemory('abc'), { signal: AbortSignal.abort(reason) });
    await assert.rejects(transport.post(late), reason);
  });

  test(`abort ends a post by ${name} whose content stalls`, async (t) => {
    const { url, seen } = await startBareServer(t, [204]);
    const transport = create();
    t.after(transport.close);
    const reason = new Error('enough');
    const controller = new AbortController();
    const content = await openContent({ size: 3, open: () => new Promise(() => {}) });
    const post = transport.post(form(url, content, { signal: controller.signal }));
    setImmediate(() => controller.abort(reason));
    await assert.rejects(post, reason);
    assert.equal(seen.length, 0);
  });
}

test('abort while the content is read ends the post as well', async (t) => {
  const { url, seen } = await startBareServer(t, [204]);
  const reason = new Error('enough');
  const controller = new AbortController();
  const content: Content = {
    ...contentInMemory('abc'),
    whole: async () => {
      controller.abort(reason);
      return utf8.encode('abc');
    },
  };
  await assert.rejects(start(t).post(form(url, content, { signal: controller.signal })), reason);
  assert.equal(seen.length, 0);
});

test('MPF.11: no more is read ahead than the connection takes', async (t) => {
  let accepted: Socket | undefined;
  const server = createServer((socket) => {
    accepted = socket.pause(); // a store that takes nothing
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    accepted?.destroy();
    server.close();
  });
  const chunkSize = 1024 * 1024;
  const chunks = 512;
  let read = 0;
  const content: Content = {
    size: chunkSize * chunks,
    whole: async () => assert.fail('too large for one piece'),
    chunks: async function* () {
      for (; read < chunks; read++) yield new Uint8Array(chunkSize);
    },
  };
  const { port } = server.address() as AddressInfo;
  const post = start(t).post(form(`http://127.0.0.1:${port}/`, content, { timeoutMs: 300 }));
  await assert.rejects(post, { code: 'TIMED_OUT' });
  assert.ok(read > 0 && read < 64, `${read} MiB read while nothing was taken`);
});

test('a store that refuses before it has everything is heard', async (t) => {
  const server = http.createServer((request, response) => {
    response.writeHead(403, { 'content-type': 'application/xml' }).end('<Code>AccessDenied</Code>');
    request.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const endless = streamed(64 * 1024, 100_000);
  const reply = await start(t).post(form(`http://127.0.0.1:${port}/`, endless));
  assert.equal(reply.status, 403);
  assert.equal(reply.text, '<Code>AccessDenied</Code>');
});

test('LIF.12: a content that breaks off is never completed', async (t) => {
  const { url, seen } = await startBareServer(t, [204]);
  const content: Content = {
    ...streamed(1024 * 1024, 2, 4 * 1024 * 1024),
    chunks: async function* () {
      yield new Uint8Array(1024 * 1024);
      throw new UnreadableContent('It changed while it was read.');
    },
  };
  await assert.rejects(start(t).post(form(url, content)), { name: 'UnreadableContent' });
  assert.ok(seen.every(({ body }) => body.length === 0));
});

test('connections are used again', async (t) => {
  const ports = new Set<number | undefined>();
  const server = http.createServer((request, response) => {
    ports.add(request.socket.remotePort);
    request.resume().on('end', () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const transport = start(t);
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  for (let n = 0; n < 20; n++) {
    await transport.post(form(`http://127.0.0.1:${port}/`, contentInMemory('abc')));
  }
  assert.equal(ports.size, 1);
});

for (const [kind, content] of [
  ['in one piece', contentInMemory('abc')],
  ['in pieces', streamed(100_000, 20)],
] as const) {
  test(`a form ${kind} over connections that were forgotten is sent again at once, over one of its own`, async (t) => {
    const store = await startBareServer(t, [204]);
    const network = await startForgetfulNetwork(() => store.url);
    const transport = start(t);
    await Promise.all([1, 2, 3].map(() => transport.post(form(network.url, contentInMemory('x')))));
    network.forget();
    assert.equal((await transport.post(form(network.url, content))).status, 204);
    assert.equal(store.seen.length, 4);
    assert.equal(store.seen.at(-1)?.body.length, content.size + 10);
    assert.equal(network.made, 4);
  });
}

test('a stream that can be opened once only is not sent empty where its connection was forgotten', async (t) => {
  const store = await startBareServer(t, [204]);
  const network = await startForgetfulNetwork(() => store.url);
  const transport = start(t);
  await transport.post(form(network.url, contentInMemory('x')));
  network.forget();
  const once = new Blob([new Uint8Array(2_000_000)]).stream();
  const content = await openContent({ size: 2_000_000, open: () => once });
  await assert.rejects(transport.post(form(network.url, content)), UnreadableContent);
  assert.equal(store.seen.length, 1);
});
