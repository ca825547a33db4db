import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get as httpGet, request as httpRequest, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE } from '../../../../testing/server/compile-cache.ts';
import {
  API_KEY,
  IN_PRODUCTION,
  postFile,
  startHarness,
  temporaryFolder,
} from '../../../../testing/server/harness.ts';

test('LIF.14: a stop lets uploads in flight finish, refuses others, and loses nothing it acknowledged', async (t) => {
  const directory = await temporaryFolder(t);
  const h = await startHarness(t, { directory });
  const { id, form } = await h.openSession();
  let accepted = 0;
  let refused = 0;
  const upload = async (n: number) => {
    for (let index = 0; index < 200; index++) {
      const answer = await postFile(form, `${n}-${index}`, 'x'.repeat(2000)).catch(() => undefined);
      if (answer?.status === 204) accepted += 1;
      else {
        refused += 1;
        assert.ok(answer === undefined || answer.status === 503, `${answer?.status}`);
        return;
      }
      if (n === 0 && index === 5) void h.close();
    }
  };
  await Promise.all([0, 1, 2, 3].map(upload));
  await h.close();
  assert.ok(accepted > 5 && refused === 4);
  const after = await startHarness(t, { directory });
  assert.ok((await after.ws('GET', `/upload_sessions/${id}`)).body.total_files >= accepted);
});

test('a server that drains is not ready, serves everything, and ends each connection with its next answer', async (t) => {
  const h = await startHarness(t);
  const { form } = await h.openSession();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const get = async (path: string) => {
    const request = httpGet(h.server.url + path, { agent, headers: { authorization: `Bearer ${API_KEY}` } });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    return [response.statusCode, response.headers.connection, request.reusedSocket];
  };
  assert.deepEqual(await get('/ready'), [200, 'keep-alive', false]);
  assert.deepEqual(await get('/ready'), [200, 'keep-alive', true]);
  h.server.drain();
  assert.deepEqual(await get('/ready'), [503, 'close', true]);
  assert.deepEqual(await get('/health'), [200, 'close', false]);
  assert.deepEqual(await get('/api/v1/workspaces'), [200, 'close', false]);
  await h.openSession();
  const posted = await postFile(form, 'late.txt', 'x');
  if (h.road !== 'direct') assert.equal(posted.headers.get('connection'), 'close');
  assert.equal(posted.status, 204);
});

test('an answer under way when a server begins to drain ends its connection', async (t) => {
  const h = await startHarness(t);
  const body = new PassThrough();
  const request = httpRequest(`${h.server.url}/api/v1/workspaces`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${API_KEY}`,
      'content-type': 'application/json',
      connection: 'keep-alive',
    },
  });
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  body.pipe(request);
  body.write('{"name":');
  await h.call('GET', '/ready'); // by then the head of the first has been read
  h.server.drain();
  body.end('"late"}');
  const [response] = await answered;
  response.resume();
  assert.deepEqual([response.statusCode, response.headers.connection], [201, 'close']);
});

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

test('a signal makes a process drain, a second one makes it stop at once, and cleanly', {
  timeout: 120_000,
}, async (t) => {
  const h = await startHarness(t);
  const storage = IN_PRODUCTION ? h.storageSettings : { SLUICE_DATA_DIR: await temporaryFolder(t) };
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: {
      ...COMPILE_CACHE,
      ...storage,
      SLUICE_PORT: '0',
      SLUICE_LOG_LEVEL: 'info',
      SLUICE_DRAIN_SECONDS: '600',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const url = line.replace('Sluice listens on ', '');
  const drains = new Promise<void>((resolve) => {
    createInterface(child.stderr).on('line', (line) => JSON.parse(line).msg === 'stopping' && resolve());
  });
  child.kill('SIGTERM');
  await drains;
  const { status } = await fetch(`${url}/ready`);
  assert.deepEqual([status, (await fetch(`${url}/health`)).status], [503, 200]);
  child.kill('SIGINT');
  assert.deepEqual(await ended, [0, null]);
});

test('the same signal that comes to a process from several at once is one', {
  timeout: 120_000,
}, async (t) => {
  const h = await startHarness(t);
  const storage = IN_PRODUCTION ? h.storageSettings : { SLUICE_DATA_DIR: await temporaryFolder(t) };
  const child = spawn(process.execPath, [MAIN, 'serve'], {
    env: { ...COMPILE_CACHE, ...storage, SLUICE_PORT: '0', SLUICE_API_KEY: API_KEY },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  let stopping = 0;
  createInterface(child.stderr).on('line', (line) => {
    if (JSON.parse(line).msg === 'stopping') stopping += 1;
  });
  const request = httpRequest(`${line.replace('Sluice listens on ', '')}/api/v1/workspaces`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${API_KEY}`,
      'content-type': 'application/json',
      expect: '100-continue',
    },
  });
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  request.flushHeaders();
  await once(request, 'continue'); // the request is under way
  while (stopping === 0) {
    child.kill('SIGTERM');
    await turn();
  }
  request.end('{"name":"late"}');
  const [response] = await answered;
  response.resume();
  assert.equal(response.statusCode, 201);
  assert.deepEqual(await ended, [0, null]);
  assert.equal(stopping, 1);
});
