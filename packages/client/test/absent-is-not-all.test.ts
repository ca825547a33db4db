import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startBareServer } from '../../../testing/server/bare-server.ts';
import { ArgumentError, createClient, type NodeClient, scanDirectory } from '../src/node/index.ts';

/** Callers without types, and variables that were never set. */
// biome-ignore lint/suspicious/noExplicitAny: what the types forbid is what is tried
type Any = any;

/** Each would lead elsewhere than to one thing of that name or id. */
const NO_NAMES: Any[] = [undefined, null, '', '.', '..', Number.NaN, 0, {}, [], true, '\ud800'];

/** Read by their own keys, there is nothing in them. */
const NO_BAGS: Any[] = [
  ...[new Map([['name', 'a']]), new URLSearchParams('name=a'), new AbortController().signal],
  ...[null, [], 'name', 5, () => {}],
];

type Client = Any & NodeClient;
type Calls = Record<string, ((client: Client, bad: Any) => unknown)[]>;

/** Every method that takes names or ids for its path, with one of them wrong. */
const PATHS: Calls = {
  uploadFiles: [(c, bad) => c.uploadFiles(bad, [{ name: 'a', body: 'b' }])],
  uploadDirectory: [(c, bad) => c.uploadDirectory(bad, import.meta.dirname)],
  downloadFiles: [(c, bad) => c.downloadFiles(bad, join(tmpdir(), 'sluice-no-download'))],
  listUploadSessions: [(c, bad) => all(c.listUploadSessions(bad))],
  getUploadSession: [(c, bad) => c.getUploadSession(bad, 's'), (c, bad) => c.getUploadSession('w', bad)],
  listFiles: [(c, bad) => all(c.listFiles(bad))],
  deleteFiles: [
    (c, bad) => c.deleteFiles(bad, { names: ['a'] }),
    (c, bad) => c.deleteFiles(bad, { fileIds: ['a'] }),
    (c, bad) => c.deleteFiles('w', { fileIds: ['a', bad] }),
  ],
  updateMetadata: [(c, bad) => c.updateMetadata(bad, { id: { a: 1 } })],
  'uploadSessions.create': [(c, bad) => c.uploadSessions.create(bad)],
  'uploadSessions.list': [(c, bad) => c.uploadSessions.list(bad)],
  'uploadSessions.listAll': [(c, bad) => all(c.uploadSessions.listAll(bad))],
  'uploadSessions.get': [
    (c, bad) => c.uploadSessions.get(bad, 's'),
    (c, bad) => c.uploadSessions.get('w', bad),
  ],
  'uploadSessions.files': [
    (c, bad) => c.uploadSessions.files(bad, 's'),
    (c, bad) => c.uploadSessions.files('w', bad),
  ],
  'uploadSessions.allFiles': [
    (c, bad) => all(c.uploadSessions.allFiles(bad, 's')),
    (c, bad) => all(c.uploadSessions.allFiles('w', bad)),
  ],
  'uploadSessions.close': [
    (c, bad) => c.uploadSessions.close(bad, 's'),
    (c, bad) => c.uploadSessions.close('w', bad),
  ],
  'files.upload': [(c, bad) => c.files.upload(bad, { name: 'a', body: 'b' })],
  'files.list': [(c, bad) => c.files.list(bad)],
  'files.listAll': [(c, bad) => all(c.files.listAll(bad))],
  'files.content': [(c, bad) => c.files.content(bad, 'f'), (c, bad) => c.files.content('w', bad)],
  'files.metadata': [(c, bad) => c.files.metadata(bad, 'f'), (c, bad) => c.files.metadata('w', bad)],
  'files.updateMetadata': [
    (c, bad) => c.files.updateMetadata(bad, 'f', { a: 1 }),
    (c, bad) => c.files.updateMetadata('w', bad, { a: 1 }),
  ],
  'files.updateManyMetadata': [(c, bad) => c.files.updateManyMetadata(bad, { f: { a: 1 } })],
  'files.delete': [(c, bad) => c.files.delete(bad, 'f'), (c, bad) => c.files.delete('w', bad)],
  'files.deleteByNames': [(c, bad) => c.files.deleteByNames(bad, ['a'])],
  'files.deleteAll': [(c, bad) => c.files.deleteAll(bad)],
  'workspaces.create': [],
  'workspaces.list': [],
  'workspaces.get': [(c, bad) => c.workspaces.get(bad)],
  'workspaces.delete': [(c, bad) => c.workspaces.delete(bad)],
  'workspaces.stats': [(c, bad) => c.workspaces.stats(bad)],
  'tokens.create': [],
  'tokens.list': [],
  'tokens.listAll': [],
  'tokens.delete': [
    (c, bad) => c.tokens.delete(bad),
    (c, bad) => c.tokens.delete(bad, { withChildren: true }),
  ],
  'users.me': [],
  'users.list': [],
  'users.listAll': [],
  'users.get': [(c, bad) => c.users.get(bad)],
  'users.organization': [],
  planUpload: [],
  inWorkspace: [],
};

/** Other arguments by which more would be done, or something else. */
const WIDER: Calls = {
  'names to delete': [undefined, null, 'report.pdf', {}, Number.NaN, [undefined], [''], [null, 'a']].flatMap(
    (names: Any) => [
      (c: Client) => c.files.deleteByNames('w', names),
      (c: Client) => c.inWorkspace('w').files.deleteByNames(names),
      (c: Client) => c.deleteFiles('w', { names }),
      (c: Client) => c.deleteFiles('w', { fileIds: names }),
      (c: Client) => c.deleteFiles('w', { names: ['a'], fileIds: names }),
    ],
  ),
  'what to delete': [undefined, null, {}, [], 'a'].map(
    (which) => (c: Client) => c.deleteFiles('w', which as Any),
  ),
  'a filter of blanks': [' ', '\t\n'].flatMap((filter) => [
    (c: Client) => c.files.list('w', { filter }),
    (c: Client) => all(c.listFiles('w', { filter })),
    (c: Client) => c.downloadFiles('w', NO_FOLDER, { filter }),
  ]),
  'a selection': [undefined, null, '', Number.NaN].flatMap((none: Any) => [
    (c: Client) => c.files.list('w', { filter: none }),
    (c: Client) => all(c.files.listAll('w', { name: none })),
    (c: Client) => all(c.files.listAll('w', { meta_key: none, meta_value: none })),
    (c: Client) => c.files.list('w', { after_value: none, after_file_id: none }),
    (c: Client) => all(c.listFiles('w', { filter: none })),
    (c: Client) => all(c.inWorkspace('w').listFiles({ name: none })),
    (c: Client) => all(c.uploadSessions.allFiles('w', 's', { ingestion_status: none })),
    (c: Client) => c.downloadFiles('w', NO_FOLDER, { filter: none }),
    (c: Client) => c.downloadFiles('w', NO_FOLDER, { name: none }),
    (c: Client) => c.downloadFiles('w', NO_FOLDER, { files: none }),
  ]),
  'a range': [undefined, null, Number.NaN, -1, 0.5, '0'].map(
    (start: Any) => (c: Client) => c.files.content('w', 'f', { range: { start } }),
  ),
  'the end of a range': [null, Number.NaN, -1, 3].map(
    (end: Any) => (c: Client) => c.files.content('w', 'f', { range: { start: 4, end } }),
  ),
  'the limits of a key': [
    ...[undefined, null, [], '', 'minutes', [''], [undefined], {}].flatMap((none: Any) => [
      (c: Client) => c.tokens.create({ workspaces: none }),
      (c: Client) => c.tokens.create({ permissions: none }),
    ]),
    ...[undefined, null, '', Number.NaN, new Date(Number.NaN), 0].map(
      (none: Any) => (c: Client) => c.tokens.create({ expires_at: none }),
    ),
    ...[undefined, null, 'MEMBER', []].map((none: Any) => (c: Client) => c.tokens.create(none)),
  ],
  'a folder': [undefined, null, '', Number.NaN, {}].flatMap((none: Any) => [
    (c: Client) => c.uploadDirectory('w', none),
    (c: Client) => c.downloadFiles('w', none),
    () => scanDirectory(none),
  ]),
  'types of files': [undefined, null, [], '', '.txt', [''], [undefined]].map(
    (fileTypes: Any) => (c: Client) => c.uploadDirectory('w', import.meta.dirname, { fileTypes }),
  ),
  'how long files and sessions stay': [undefined, null, Number.NaN].flatMap((none: Any) => [
    (c: Client) => c.uploadSessions.create('w', { write_mode: none }),
    (c: Client) => c.uploadSessions.create('w', { expires_in_seconds: none }),
    (c: Client) => c.uploadFiles('w', [{ name: 'a', body: 'b' }], { writeMode: none }),
    (c: Client) => c.uploadFiles('w', [{ name: 'a', body: 'b' }], { expiresInSeconds: none }),
    (c: Client) => c.files.upload('w', { name: 'a', body: 'b' }, { write_mode: none }),
  ]),
  'which files of a folder': [
    (c: Client) => c.uploadDirectory('w', import.meta.dirname, { recursive: undefined }),
    (c: Client) => c.uploadDirectory('w', import.meta.dirname, { include: undefined }),
  ],
  'what to upload': [undefined, null, 'report.pdf', 5, {}, [undefined], [null], [5]].map(
    (sources: Any) => (c: Client) => c.uploadFiles('w', sources),
  ),
  'an earlier run': [
    undefined,
    null,
    {},
    { sessionId: undefined },
    { sessionId: '' },
    { sessionIds: null },
    { sessionIds: [] },
    { sessionIds: [''] },
    { results: undefined },
    { results: [] },
  ].map((resume: Any) => (c: Client) => c.uploadFiles('w', [{ name: 'a', body: 'b' }], { resume })),
  'how many at a time, how long': [0, -1, Number.NaN, '4'].flatMap((number: Any) => [
    (c: Client) => c.uploadFiles('w', [{ name: 'a', body: 'b' }], { concurrency: number }),
    (c: Client) => c.downloadFiles('w', NO_FOLDER, { concurrency: number }),
    (c: Client) => all(c.listFiles('w', { batchSize: number })),
  ]),
  'a query in another form than a plain object': NO_BAGS.flatMap((bag: Any) => [
    (c: Client) => c.files.list('w', bag),
    (c: Client) => all(c.files.listAll('w', bag)),
    (c: Client) => all(c.listFiles('w', bag)),
    (c: Client) => c.downloadFiles('w', NO_FOLDER, bag),
    (c: Client) => c.uploadDirectory('w', import.meta.dirname, bag),
    (c: Client) => c.uploadFiles('w', [{ name: 'a', body: 'b' }], bag),
    (c: Client) => c.files.upload('w', { name: 'a', body: 'b' }, bag),
    (c: Client) => c.files.upload('w', bag),
    (c: Client) => c.files.content('w', 'f', { range: bag }),
    (c: Client) => c.uploadSessions.create('w', bag),
    (c: Client) => c.uploadSessions.list('w', bag),
    (c: Client) => all(c.uploadSessions.listAll('w', bag)),
    (c: Client) => all(c.uploadSessions.allFiles('w', 's', bag)),
    (c: Client) => all(c.listUploadSessions('w', bag)),
    (c: Client) => all(c.users.listAll(bag)),
    (c: Client) => c.tokens.list(bag),
  ]),
  'a signal, or what else is no options': NO_BAGS.flatMap((bag: Any) => [
    (c: Client) => c.users.me(bag),
    (c: Client) => c.files.list('w', {}, bag),
    (c: Client) => c.files.content('w', 'f', bag),
    (c: Client) => c.files.delete('w', 'f', bag),
    (c: Client) => c.files.deleteAll('w', bag),
    (c: Client) => c.files.deleteByNames('w', ['a'], bag),
    (c: Client) => c.deleteFiles('w', { names: ['a'] }, bag),
    (c: Client) => c.updateMetadata('w', { id: { a: 1 } }, bag),
    (c: Client) => c.uploadSessions.close('w', 's', bag),
    (c: Client) => c.workspaces.create('w', bag),
    (c: Client) => c.workspaces.delete('w', bag),
    (c: Client) => c.tokens.delete('t', bag),
  ]),
  'a workspace of its own': [undefined, null, ''].map(
    (name: Any) => async (c: Client) => c.inWorkspace(name).files.deleteAll(),
  ),
};

const NO_FOLDER = join(tmpdir(), 'sluice-no-download');

const all = (rows: AsyncIterable<unknown>): Promise<unknown[]> => Array.fromAsync(rows);

const start = async (t: TestContext) => {
  const { url, seen } = await startBareServer(t, [{ status: 200, body: '{"data":[],"has_more":false}' }]);
  // A client that knows a workspace: what is about another must not become about this one.
  return { client: createClient({ baseUrl: url, apiKey: 'api_k', workspaceName: 'default' }), seen };
};

const refuses = async (work: () => unknown): Promise<void> => {
  await assert.rejects(async () => work(), ArgumentError);
};

for (const [method, calls] of Object.entries(PATHS)) {
  if (calls.length === 0) continue;
  test(`${method}: a name or an id that is none leads nowhere`, async (t) => {
    const { client, seen } = await start(t);
    for (const call of calls) for (const bad of NO_NAMES) await refuses(() => call(client, bad));
    assert.deepEqual(seen, []);
  });
}

for (const [what, calls] of Object.entries(WIDER)) {
  test(`${what}: where it is not said, it is not all`, async (t) => {
    const { client, seen } = await start(t);
    for (const call of calls) await refuses(() => call(client, undefined));
    assert.deepEqual(seen, []);
  });
}

test('every method of the client is looked at here', () => {
  const client = createClient({ baseUrl: 'http://x', apiKey: 'k' });
  const methods = Object.entries(client).flatMap(([name, value]) =>
    typeof value === 'function' ? [name] : Object.keys(value).map((method) => `${name}.${method}`),
  );
  assert.deepEqual(methods.sort(), Object.keys(PATHS).sort());
});

test('an empty list of names deletes nothing, and asks nobody', async (t) => {
  const { client, seen } = await start(t);
  assert.deepEqual(await client.files.deleteByNames('w', []), { deleted_count: 0 });
  assert.deepEqual(await client.deleteFiles('w', { names: [], fileIds: [] }), { deletedCount: 0 });
  assert.deepEqual(seen, []);
});

test('a client is not made of what is not set', () => {
  const good = { baseUrl: 'http://x', apiKey: 'k' };
  const bad: Any[] = [
    { baseUrl: undefined },
    { baseUrl: '' },
    { apiKey: undefined },
    { apiKey: null },
    { timeoutMs: Number.NaN },
    { stallTimeoutMs: 0 },
    { retry: { attempts: Number.NaN } },
    { retry: { attempts: 0 } },
    { retry: { firstDelayMs: -1 } },
    { retry: { maxDelayMs: null } },
    ...[null, 'http://proxy:3128', new URL('http://proxy:3128'), []].map((proxies) => ({ proxies })),
  ];
  for (const options of bad) assert.throws(() => createClient({ ...good, ...options }), ArgumentError);
});
