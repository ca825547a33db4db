import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createNetServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import tls from 'node:tls';
import { COMPILE_CACHE } from '../../../../testing/server/compile-cache.ts';
import { freePort } from '../../../../testing/server/free-port.ts';
import { startSluice } from '../../../../testing/server/sluice-server.ts';
import { startSmallProxy } from '../../../../testing/server/small-proxy.ts';
import { ApiError, ConnectionError, createClient, UploadInterrupted } from '../../src/node/index.ts';
import { LOOPBACK_TLS } from './loopback-tls.ts';

const { baseUrl, apiKey } = await startSluice();
const folder = await mkdtemp(join(tmpdir(), 'sluice-proxy-test-'));
after(() => rm(folder, { recursive: true, force: true }));

/** Everything of the API that goes over a connection, and how often. */
const through = async (proxies: Record<string, string>) => {
  const client = createClient({ baseUrl, apiKey, proxies, retry: { attempts: 1 } });
  const large = 'x'.repeat(2_000_000);
  const { results } = await client.uploadFiles('default', [
    { name: 'small.txt', body: 'small', meta: { a: 1 } },
    { name: 'large.txt', body: large },
  ]);
  const fileIds = results.map(({ fileId }) => fileId as string);
  const into = await mkdtemp(join(folder, 'saved-'));
  const { saved } = await client.downloadFiles('default', into);
  const { deletedCount } = await client.deleteFiles('default', { fileIds });
  assert.deepEqual(
    [results.map(({ status }) => status), saved, deletedCount],
    [['finished', 'finished'], 2, 2],
  );
};

test('forms, files and the API go through the proxy, and none goes past it', async () => {
  const proxy = await startSmallProxy();
  await through({ HTTP_PROXY: `http://${proxy.host}` });
  const forms = proxy.asked.filter((one) => one.startsWith('POST') && !one.includes('/api/'));
  const contents = proxy.asked.filter((one) => /^GET .*\/files\/[^/?]+$/.test(one));
  assert.deepEqual([forms.length, contents.length], [3, 2]);
  for (const address of proxy.asked) assert.ok(address.includes(`${baseUrl}/`));
});

test('a proxy gets its name and password, decoded', async () => {
  const proxy = await startSmallProxy('us er:p@ss');
  await through({ http_proxy: `http://us%20er:p%40ss@${proxy.host}` });
  assert.ok(proxy.asked.length > 5);
});

test('NO_PROXY goes past the proxy, with everything', async () => {
  const proxy = await startSmallProxy();
  await through({ HTTP_PROXY: `http://${proxy.host}`, NO_PROXY: '127.0.0.1' });
  await through({});
  assert.deepEqual(proxy.asked, []);
});

const REFUSED =
  /^The proxy http:\/\/127\.0\.0\.1:\d+ \(HTTP_PROXY\) asks for a name and a password it knows: /;

test('a proxy that wants another password is said to be the proxy, at once, and no password is shown', async () => {
  const proxy = await startSmallProxy('user:right');
  const proxies = { HTTP_PROXY: `http://user:wrong@${proxy.host}` };
  const error = await createClient({ baseUrl, apiKey, proxies })
    .users.me()
    .catch((caught: unknown) => caught);
  assert.ok(error instanceof ApiError);
  assert.deepEqual([error.status, proxy.asked.length], [407, 1]);
  assert.match(error.detail, REFUSED);
  assert.doesNotMatch(error.detail, /wrong/);
});

test('a proxy that cannot be reached is said to be the proxy, and no password is shown', async () => {
  const proxies = { HTTP_PROXY: `http://user:secret@127.0.0.1:${await freePort()}` };
  const client = createClient({ baseUrl, apiKey, proxies, retry: { attempts: 2, firstDelayMs: 1 } });
  const error = await client.workspaces.create('never made').catch((caught: unknown) => caught);
  assert.ok(error instanceof ConnectionError);
  assert.match(
    error.message,
    /: the proxy http:\/\/127\.0\.0\.1:\d+ \(HTTP_PROXY\) cannot be reached: connect ECONNREFUSED/,
  );
  assert.doesNotMatch(error.message, /secret/);
  assert.equal(error.neverSent, true);
});

test('forms that a proxy refuses end the upload with its reason', async () => {
  const proxy = await startSmallProxy('user:right');
  const port = new URL(baseUrl).port;
  // Only the API is exempt: the forms have an address of another name.
  const sluice = await startSluice({ SLUICE_PUBLIC_URL: `http://localhost:${port}` });
  const proxies = { HTTP_PROXY: `http://${proxy.host}`, NO_PROXY: '127.0.0.1' };
  const client = createClient({ ...sluice, proxies });
  const error = await client
    .uploadFiles('default', [{ name: 'a', body: 'b' }])
    .catch((caught: unknown) => caught);
  assert.ok(error instanceof UploadInterrupted);
  assert.ok(error.cause instanceof ApiError);
  assert.match(error.cause.detail, REFUSED);
});

/** An address with https in front of nothing but itself. */
const startSecure = async (): Promise<{ url: string; seen: string[] }> => {
  const seen: string[] = [];
  const server: Server = createServer(LOOPBACK_TLS, (request, response) => {
    seen.push(`${request.method} ${request.url}`);
    request.resume().on('end', () => response.end('{"given_name":"Ann"}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
};

test('https goes through a tunnel, which the proxy cannot look into', async () => {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), LOOPBACK_TLS.cert]);
  const secure = await startSecure();
  const proxy = await startSmallProxy('user:right');
  const { host } = new URL(secure.url);
  const at = (login: string) => ({
    baseUrl: secure.url,
    apiKey: 'api_k',
    proxies: { HTTPS_PROXY: `http://${login}@${proxy.host}` },
  });
  const client = createClient(at('user:right'));
  for (const _ of [1, 2]) assert.equal((await client.users.me()).given_name, 'Ann');
  assert.equal((await client.workspaces.create('made')).workspace_id, undefined);
  assert.deepEqual(secure.seen, ['GET /api/v1/me', 'GET /api/v1/me', 'POST /api/v1/workspaces']);
  // Two of them went through one tunnel; what must not arrive twice has one of its own.
  assert.deepEqual(proxy.asked, [`CONNECT ${host}`, `CONNECT ${host}`]);

  const refused = await createClient(at('user:wrong'))
    .users.me()
    .catch((caught: unknown) => caught);
  assert.ok(refused instanceof ApiError);
  assert.match(refused.detail, /^The proxy .* \(HTTPS_PROXY\) asks for a name and a password it knows/);
});

test('a tunnel to nowhere is no answer of the server, and tried again', async () => {
  const proxy = await startSmallProxy();
  const nowhere = `127.0.0.1:${await freePort()}`;
  const client = createClient({
    baseUrl: `https://${nowhere}`,
    apiKey: 'api_k',
    proxies: { HTTPS_PROXY: proxy.host },
    retry: { attempts: 2, firstDelayMs: 1 },
  });
  await assert.rejects(client.workspaces.create('never made'), { neverSent: true });
  assert.equal(proxy.asked.length, 2);
});

/** A proxy that answers every CONNECT with these bytes, or not at all. */
const startTunnelWith = async (answer: string | null): Promise<string> => {
  const sockets = new Set<Socket>();
  const server = createNetServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    socket.once('data', () => answer !== null && socket.end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://user:secret@127.0.0.1:${(server.address() as AddressInfo).port}`;
};

test('a tunnel that never stands ends with the time of a try, and with the signal', async () => {
  const proxies = { HTTPS_PROXY: await startTunnelWith(null) };
  const client = createClient({
    ...{ baseUrl: 'https://127.0.0.1:9', apiKey: 'api_k', proxies },
    ...{ timeoutMs: 50, retry: { attempts: 1 } },
  });
  await assert.rejects(client.users.me(), { code: 'TIMED_OUT' });
  await assert.rejects(client.workspaces.create('never made'), { code: 'TIMED_OUT' });
  const patient = createClient({ baseUrl: 'https://127.0.0.1:9', apiKey: 'api_k', proxies });
  const reason = new Error('enough');
  const controller = new AbortController();
  const asked = patient.users.me({ signal: controller.signal });
  setImmediate(() => controller.abort(reason));
  await assert.rejects(asked, reason);
});

test('a tunnel that is answered in no HTTP is said to be, and no password is shown', async () => {
  const proxies = { HTTPS_PROXY: await startTunnelWith('garbage\r\n\r\n') };
  const retry = { attempts: 1 };
  const client = createClient({ baseUrl: 'https://127.0.0.1:9', apiKey: 'api_k', proxies, retry });
  await assert.rejects(client.users.me(), (error: Error) => {
    assert.match(error.message, /through the proxy http:\/\/127\.0\.0\.1:\d+ .*: its answer is no HTTP$/);
    return true;
  });
});

const SCRIPT = `
import { createClient } from ${JSON.stringify(new URL('../../src/node/index.ts', import.meta.url).href)};
const client = createClient({ baseUrl: process.env.API_URL, apiKey: process.env.API_KEY });
const { results } = await client.uploadFiles('default', [{ name: 'switch.txt', body: 'x' }], { writeMode: 'OVERWRITE' });
console.log(results[0].status);
`;

for (const [told, settings, args, used] of [
  ['NODE_USE_ENV_PROXY=1', { NODE_USE_ENV_PROXY: '1' }, [], true],
  ['--use-env-proxy', {}, ['--use-env-proxy'], true],
  ['nothing', {}, [], false],
] as const) {
  test(`with ${told}, ${used ? 'all of it' : 'none of it'} goes through HTTP_PROXY`, async () => {
    const proxy = await startSmallProxy();
    const script = join(folder, 'script.mjs');
    await writeFile(script, SCRIPT);
    const child = spawn(process.execPath, [...args, script], {
      env: {
        ...COMPILE_CACHE,
        PATH: process.env.PATH,
        API_URL: baseUrl,
        API_KEY: apiKey,
        HTTP_PROXY: `http://${proxy.host}`,
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
    assert.equal(said, 'finished\n');
    assert.equal(proxy.asked.filter((one) => !one.includes('/api/')).length, used ? 1 : 0);
    assert.equal(proxy.asked.length > 0, used);
  });
}
