import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { freePort } from '../../../../testing/server/free-port.ts';
import { startSluice } from '../../../../testing/server/sluice-server.ts';
import { ConnectionError, createClient, type NodeClient } from '../../src/node/index.ts';
import { startForgetfulNetwork } from './forgetful-network.ts';

const port = await freePort();
const network = await startForgetfulNetwork(() => `http://127.0.0.1:${port}`);
const server = await startSluice({ SLUICE_PORT: `${port}`, SLUICE_PUBLIC_URL: network.url });
/** Past the network, for looking at what is so. */
const beside = createClient(server);
const folder = await mkdtemp(join(tmpdir(), 'sluice-kept-test-'));
after(() => rm(folder, { recursive: true, force: true }));
await writeFile(join(folder, 'of-folder.txt'), 'x');

/** A single try: what a lost connection costs is not one of them. */
const retry = { attempts: 1 };

/** A client whose connections all rest, several of them, and are forgotten by the network. */
const restingClient = async (): Promise<NodeClient> => {
  const client = createClient({ baseUrl: network.url, apiKey: server.apiKey, retry });
  await Promise.all([1, 2, 3].map(() => client.users.me()));
  network.forget();
  return client;
};

const W = 'default';
let names = 0;
const fresh = (): string => `name-${++names}`;
const all = <T>(rows: AsyncIterable<T>): Promise<T[]> => Array.fromAsync(rows);
const uploaded = async (name = fresh()) =>
  (await beside.files.upload(W, { name, body: 'x' }, { write_mode: 'OVERWRITE' })).file_id;
const opened = async () => (await beside.uploadSessions.create(W)).session_id;

/** Every method that asks the server something: what is prepared past the network, then the call. */
const CALLS: Record<string, (client: NodeClient) => Promise<unknown>> = {
  uploadFiles: (c) => c.uploadFiles(W, [{ name: fresh(), body: 'x' }]),
  uploadDirectory: (c) => c.uploadDirectory(W, folder),
  downloadFiles: async (c) => c.downloadFiles(W, await mkdtemp(join(folder, 'to-'))),
  listUploadSessions: (c) => all(c.listUploadSessions(W)),
  getUploadSession: async (c) => c.getUploadSession(W, await opened()),
  listFiles: (c) => all(c.listFiles(W)),
  deleteFiles: async (c) => {
    const name = fresh();
    const fileIds = [await uploaded(), await uploaded()];
    await uploaded(name);
    assert.deepEqual(await c.deleteFiles(W, { names: [name], fileIds }), { deletedCount: 3 });
  },
  updateMetadata: async (c) => c.updateMetadata(W, { [await uploaded()]: { a: 1 } }),
  'uploadSessions.create': async (c) => {
    const before = (await all(beside.uploadSessions.listAll(W))).length;
    await c.uploadSessions.create(W);
    assert.equal((await all(beside.uploadSessions.listAll(W))).length, before + 1);
  },
  'uploadSessions.list': (c) => c.uploadSessions.list(W),
  'uploadSessions.listAll': (c) => all(c.uploadSessions.listAll(W)),
  'uploadSessions.get': async (c) => c.uploadSessions.get(W, await opened()),
  'uploadSessions.files': async (c) => c.uploadSessions.files(W, await opened()),
  'uploadSessions.allFiles': async (c) => all(c.uploadSessions.allFiles(W, await opened())),
  'uploadSessions.close': async (c) => c.uploadSessions.close(W, await opened()),
  'files.upload': async (c) => {
    const name = fresh();
    await c.files.upload(W, { name, body: 'x' });
    assert.equal(
      (await all(beside.files.listAll(W, { name }))).filter((file) => file.name === name).length,
      1,
    );
  },
  'files.list': (c) => c.files.list(W),
  'files.listAll': (c) => all(c.files.listAll(W)),
  'files.content': async (c) => (await c.files.content(W, await uploaded())).text(),
  'files.metadata': async (c) => c.files.metadata(W, await uploaded()),
  'files.updateMetadata': async (c) => c.files.updateMetadata(W, await uploaded(), { a: 1 }),
  'files.updateManyMetadata': async (c) => c.files.updateManyMetadata(W, { [await uploaded()]: { a: 1 } }),
  'files.delete': async (c) => c.files.delete(W, await uploaded()),
  'files.deleteByNames': async (c) => {
    const name = fresh();
    await uploaded(name);
    assert.deepEqual(await c.files.deleteByNames(W, [name]), { deleted_count: 1 });
  },
  'files.deleteAll': async (c) => {
    const { name } = await beside.workspaces.create(fresh());
    await beside.files.upload(name, { name: 'a', body: 'x' });
    assert.deepEqual(await c.files.deleteAll(name), { deleted_count: 1 });
  },
  'workspaces.create': (c) => c.workspaces.create(fresh()),
  'workspaces.list': (c) => c.workspaces.list(),
  'workspaces.get': (c) => c.workspaces.get(W),
  'workspaces.delete': async (c) => c.workspaces.delete((await beside.workspaces.create(fresh())).name),
  'workspaces.stats': (c) => c.workspaces.stats(W),
  'tokens.create': async (c) => {
    const name = fresh();
    await c.tokens.create({ name });
    assert.equal((await all(beside.tokens.listAll())).filter((token) => token.name === name).length, 1);
  },
  'tokens.list': (c) => c.tokens.list(),
  'tokens.listAll': (c) => all(c.tokens.listAll()),
  'tokens.delete': async (c) => c.tokens.delete((await beside.tokens.create({ name: fresh() })).api_token_id),
  'users.me': (c) => c.users.me(),
  'users.list': (c) => c.users.list(),
  'users.listAll': (c) => all(c.users.listAll()),
  'users.get': async (c) => c.users.get((await beside.users.me()).user_id),
  'users.organization': (c) => c.users.organization(),
};

/** Sessions of earlier calls would fill the ten that may be open. */
const closeAll = async () => {
  for (const { session_id, status } of await all(beside.uploadSessions.listAll(W))) {
    if (status === 'OPEN') await beside.uploadSessions.close(W, session_id);
  }
};

for (const [method, call] of Object.entries(CALLS)) {
  test(`${method} is done, once, though every connection at rest is reset`, async () => {
    const client = await restingClient();
    await call(client);
    await closeAll();
  });
}

test('every method of the client is looked at here', () => {
  const methods = Object.entries(beside).flatMap(([name, value]) =>
    typeof value === 'function' ? [name] : Object.keys(value).map((method) => `${name}.${method}`),
  );
  const asking = methods.filter((method) => method !== 'planUpload' && method !== 'inWorkspace');
  assert.deepEqual(asking.sort(), Object.keys(CALLS).sort());
});

/** A client all of whose answers are lost once, on connections it kept. */
const clientThatLosesAnswers = async (attempts = 3): Promise<NodeClient> => {
  const patient = { attempts, firstDelayMs: 1 };
  const client = createClient({ baseUrl: network.url, apiKey: server.apiKey, retry: patient });
  await client.users.me();
  network.forget({ answers: true });
  return client;
};

const DONE_TWICE: Record<string, (client: NodeClient) => Promise<void>> = {
  'files.delete': async (c) => c.files.delete(W, await uploaded()),
  'uploadSessions.close': async (c) => c.uploadSessions.close(W, await opened()),
  'workspaces.delete': async (c) => c.workspaces.delete((await beside.workspaces.create(fresh())).name),
  'tokens.delete': async (c) => c.tokens.delete((await beside.tokens.create({ name: fresh() })).api_token_id),
};

for (const [method, call] of Object.entries(DONE_TWICE)) {
  test(`${method} whose answer is lost is sent again, and that it is done already is no failure`, async () => {
    const reset = network.reset;
    await call(await clientThatLosesAnswers());
    assert.equal(network.reset, reset + 1);
  });

  test(`${method} of what was gone before is refused`, async () => {
    const client = createClient({ ...server, retry });
    const once = await beside.workspaces.create(fresh());
    await beside.workspaces.delete(once.name);
    const gone = '019a3f0e-0000-7000-8000-000000000000';
    const refused = {
      'files.delete': () => client.files.delete(W, gone),
      'uploadSessions.close': () => client.uploadSessions.close(W, gone),
      'workspaces.delete': () => client.workspaces.delete(once.name),
      'tokens.delete': () => client.tokens.delete(gone),
    }[method] as () => Promise<void>;
    await assert.rejects(refused, { code: 'NOT_FOUND' });
  });
}

test('what must not be done twice is not, where an answer is lost: it has its own connection', async () => {
  const client = await clientThatLosesAnswers();
  const reset = network.reset;
  await client.tokens.create({ name: 'own connection' });
  await client.uploadSessions.create(W);
  assert.equal(network.reset, reset);
  await closeAll();
});

test('an abort ends a request on a connection that was forgotten, and nothing is sent again', async () => {
  const client = await restingClient();
  const reason = new Error('enough');
  const made = network.made;
  await assert.rejects(client.workspaces.list({ signal: AbortSignal.abort(reason) }), reason);
  assert.equal(network.made, made);
});

test('a server that resets new connections as well is given up after the tries', async () => {
  const dead = await startForgetfulNetwork(() => `http://127.0.0.1:${port}`);
  const client = createClient({
    baseUrl: dead.url,
    apiKey: server.apiKey,
    retry: { attempts: 3, firstDelayMs: 1 },
  });
  await client.users.me();
  dead.forgetAlways = true;
  const made = dead.made;
  await assert.rejects(client.users.me(), ConnectionError);
  assert.equal(dead.made - made, 3);
});
