import assert from 'node:assert/strict';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Answer, startBareServer } from '../../../../testing/server/bare-server.ts';
import { freePort } from '../../../../testing/server/free-port.ts';
import { ApiError } from '../../src/http/api-error.ts';
import type { ApiFetch } from '../../src/http/api-fetch.ts';
import { ConnectionError } from '../../src/http/connection-error.ts';
import { createRequests, type Method } from '../../src/http/request.ts';
import { RETRY_POLICY } from '../../src/http/retry-timing.ts';
import { createConnections } from '../../src/node/connections.ts';
import { nodeFetch } from '../../src/node/node-fetch.ts';

const retry = { ...RETRY_POLICY, attempts: 3, firstDelayMs: 1 };

const requestsTo = (root: string, options: { timeoutMs?: number; fetch?: ApiFetch } = {}) =>
  createRequests({ root, apiKey: 'api_test', fetch, timeoutMs: 10_000, retry, ...options });

const FETCHES: Record<string, ApiFetch> = { fetch, 'node:http': nodeFetch(createConnections(() => ({}))) };

const start = async (
  t: TestContext,
  answers: readonly Answer[],
  options: { timeoutMs?: number; fetch?: ApiFetch } = {},
) => {
  const server = await startBareServer(t, answers);
  return { ...server, requests: requestsTo(server.url, options) };
};

const OK = { status: 200, body: '{"fine":true}' };

const TOO_DEAR = { status: 503, body: '{"detail":"Narrow the filter.","code":"QUERY_TOO_DEAR"}' };

const CASES: { method: Method; answers: Answer[]; tries: number; ends: number | 'CONNECTION_FAILED' }[] = [
  { method: 'GET', answers: [OK], tries: 1, ends: 200 },
  { method: 'GET', answers: ['drop', OK], tries: 2, ends: 200 },
  { method: 'GET', answers: [500, 502, OK], tries: 3, ends: 200 },
  { method: 'GET', answers: [503], tries: 3, ends: 503 },
  { method: 'GET', answers: ['drop'], tries: 3, ends: 'CONNECTION_FAILED' },
  { method: 'GET', answers: [{ status: 503, headers: { 'retry-after': '0' } }, OK], tries: 2, ends: 200 },
  { method: 'GET', answers: [{ status: 503, headers: { 'retry-after': '9999' } }, OK], tries: 1, ends: 503 },
  { method: 'GET', answers: [404, OK], tries: 1, ends: 404 },
  { method: 'GET', answers: [507, OK], tries: 1, ends: 507 },
  { method: 'GET', answers: [{ status: 302, headers: { location: '/elsewhere' } }, OK], tries: 1, ends: 302 },
  { method: 'PUT', answers: ['drop', OK], tries: 2, ends: 200 },
  { method: 'PUT', answers: [409, OK], tries: 1, ends: 409 },
  { method: 'POST', answers: ['drop', OK], tries: 1, ends: 'CONNECTION_FAILED' },
  { method: 'POST', answers: [500, OK], tries: 1, ends: 500 },
  { method: 'POST', answers: [503, OK], tries: 2, ends: 200 },
  { method: 'POST', answers: [429, OK], tries: 2, ends: 200 },
  { method: 'GET', answers: [TOO_DEAR, OK], tries: 1, ends: 503 },
  { method: 'POST', answers: [TOO_DEAR, OK], tries: 1, ends: 503 },
  { method: 'DELETE', answers: ['drop', OK], tries: 2, ends: 200 },
  { method: 'DELETE', answers: [404, OK], tries: 1, ends: 404 },
];

for (const { method, answers, tries, ends } of CASES) {
  const told = answers.map((answer) => (typeof answer === 'object' ? answer.status : answer)).join(', ');
  for (const [by, byThat] of Object.entries(FETCHES))
    test(`CLI.1: ${method} answered by ${told} ends as ${ends} after ${tries} tries, by ${by}`, async (t) => {
      const { requests, seen } = await start(t, answers, { fetch: byThat });
      const outcome = await requests.json(method, ['x'], method === 'GET' ? {} : { json: {} }).then(
        () => 200,
        (error) =>
          error instanceof ApiError ? error.status : error instanceof ConnectionError ? error.code : error,
      );
      assert.equal(outcome, ends);
      assert.equal(seen.length, tries);
    });
}

for (const body of ['<!doctype html>\n<title>Sign in</title>', '']) {
  test(`200 with ${JSON.stringify(body)} is the answer of something else, and not asked for again`, async (t) => {
    const { requests, seen } = await start(t, [{ status: 200, body }, OK]);
    const error = await requests.json('GET', ['x']).catch((caught: unknown) => caught);
    assert.ok(error instanceof ApiError);
    assert.equal(error.code, 'NOT_THE_API');
    const begins = body === '' ? 'is empty' : 'begins <!doctype html> <title>Sign in</title>';
    assert.equal(error.detail, `The answer is not the API's: it should be JSON and ${begins}`);
    assert.equal(seen.length, 1);
  });
}

for (const [by, byThat] of Object.entries(FETCHES))
  test(`a request carries the key, the query and JSON, by ${by}`, async (t) => {
    const { requests, seen } = await start(t, [OK], { fetch: byThat });
    const reply = await requests.json('POST', ['x'], {
      query: { name: 'a & b', limit: 10, page_number: null, order: undefined, include_temporary: false },
      json: { write_mode: 'KEEP' },
    });
    assert.deepEqual(reply, { fine: true });
    assert.equal(seen[0]?.url, '/x?name=a%20%26%20b&limit=10&include_temporary=false');
    assert.equal(seen[0]?.headers.authorization, 'Bearer api_test');
    assert.equal(seen[0]?.headers['content-type'], 'application/json');
    assert.equal(seen[0]?.body.toString(), '{"write_mode":"KEEP"}');
  });

for (const byThat of Object.values(FETCHES))
  test('a server that never answers is given up', async (t) => {
    const { requests } = await start(t, ['hang'], { timeoutMs: 50, fetch: byThat });
    await assert.rejects(requests.json('POST', ['x']), { name: 'ConnectionError', code: 'TIMED_OUT' });
  });

test('what no server got may be repeated, whatever the method', async () => {
  let calls = 0;
  const counting: typeof fetch = (...request) => {
    calls++;
    return fetch(...request);
  };
  const root = `http://127.0.0.1:${await freePort()}`;
  const requests = createRequests({ root, apiKey: 'k', fetch: counting, timeoutMs: 10_000, retry });
  await assert.rejects(requests.done('POST', ['x']), { code: 'CONNECTION_FAILED', neverSent: true });
  assert.equal(calls, 3);
});

for (const byThat of Object.values(FETCHES))
  test('abort ends a request', async (t) => {
    const { requests } = await start(t, ['hang'], { fetch: byThat });
    const controller = new AbortController();
    const reason = new Error('enough');
    const ended = assert.rejects(requests.json('GET', ['x'], { signal: controller.signal }), reason);
    controller.abort(reason);
    await ended;
  });

test('abort ends the pause before the next try', async () => {
  const reason = new Error('enough');
  const controller = new AbortController();
  const answering: typeof fetch = async () => {
    setImmediate(() => controller.abort(reason)); // when the pause has begun
    return new Response(null, { status: 503 });
  };
  const hours = { ...retry, firstDelayMs: 10_000_000, maxDelayMs: 10_000_000 };
  const requests = createRequests({
    root: 'http://x',
    apiKey: 'k',
    fetch: answering,
    timeoutMs: 10_000,
    retry: hours,
  });
  await assert.rejects(requests.json('GET', ['x'], { signal: controller.signal }), reason);
});

/** Answers with the beginning of a reply, and ends the connection. */
const startHalfAnswering = async (t: TestContext) => {
  const answered = { times: 0 };
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      answered.times++;
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"half":');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, answered };
};

for (const [by, byThat] of Object.entries(FETCHES)) {
  for (const [method, tries] of [
    ['GET', 3],
    ['DELETE', 3],
    ['POST', 1],
  ] as const) {
    test(`CLI.1: ${method} answered by half a reply is sent ${tries} times, by ${by}`, async (t) => {
      const { url, answered } = await startHalfAnswering(t);
      const requests = requestsTo(url, { fetch: byThat });
      const half = { code: 'CONNECTION_FAILED', neverSent: false, message: /^The answer broke off from / };
      await assert.rejects(requests.json(method, ['x']), half);
      assert.equal(answered.times, tries);
    });
  }
}

test('an answer that is packed is unpacked, and one without a body is none', async (t) => {
  const body = gzipSync('{"fine":true}').toString('latin1');
  const server = createHttpServer((request, response) => {
    if (request.method === 'DELETE') return void response.writeHead(204).end();
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(body, 'latin1');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  for (const byThat of Object.values(FETCHES)) {
    const requests = requestsTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
      fetch: byThat,
    });
    assert.deepEqual(await requests.json('GET', ['x']), { fine: true });
    assert.equal(await requests.done('DELETE', ['x']), undefined);
  }
});
