import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startBareServer } from '../../../testing/server/bare-server.ts';
import { createClient, scanDirectory } from '../src/node/index.ts';

/** Callers without types. */
// biome-ignore lint/suspicious/noExplicitAny: what the types forbid is what is tried
type Any = any;

const NO_FLAGS = ['false', 0, null];
const NO_CALLBACKS = ['later', {}, null];
const NO_SIGNALS = [new AbortController(), 'abort', true];
const NO_COUNTS = [Number.NaN, 0, -1, 1.5, '4', null];

/** Of each option what it cannot be. Numbers that absent-is-not-all.test.ts has are not here. */
const UPLOAD: Record<string, unknown[]> = {
  writeMode: ['REPLACE', 'overwrite', '', 5, null],
  parallelProcessingEnabled: NO_FLAGS,
  expiresInSeconds: [Number.NaN, 0, -1, 1.5, '60'],
  maxFilesPerSession: NO_COUNTS,
  orphanSidecars: ['sent', true],
  emptyFiles: ['SKIP', null],
  wait: NO_FLAGS,
  signal: NO_SIGNALS,
  whenInterrupted: ['closed', null],
  onPlan: NO_CALLBACKS,
  onSession: NO_CALLBACKS,
  onProgress: NO_CALLBACKS,
};

const DOWNLOAD: Record<string, unknown[]> = {
  files: ['all', {}, { file_id: 'x' }, 5],
  existing: ['overwrite', 'Skip', true],
  includeMetadata: NO_FLAGS,
  includeTemporary: NO_FLAGS,
  onResult: NO_CALLBACKS,
  onBytes: NO_CALLBACKS,
  signal: NO_SIGNALS,
};

const SCAN: Record<string, unknown[]> = {
  recursive: NO_FLAGS,
  include: ['*.txt', /x/],
  signal: NO_SIGNALS,
};

const LIST: Record<string, unknown[]> = {
  batchSize: [1.5, Number.POSITIVE_INFINITY],
  includeTemporary: NO_FLAGS,
  signal: NO_SIGNALS,
};

const CLIENT: Record<string, unknown[]> = {
  timeoutMs: [Number.POSITIVE_INFINITY, 2 ** 31, '30'],
  stallTimeoutMs: [Number.POSITIVE_INFINITY, 2 ** 31],
  fetch: ['fetch', null],
};

const refuses = async (all: Record<string, unknown[]>, call: (options: Any) => unknown): Promise<void> => {
  for (const [name, values] of Object.entries(all)) {
    for (const value of values) {
      const message = new RegExp(`^${name} (must be|is) `);
      await assert.rejects(async () => call({ [name]: value }), { name: 'ArgumentError', message });
    }
  }
};

test('CLI.1: an option that cannot be meant is refused by its name, before anything is sent', async (t) => {
  const { url, seen } = await startBareServer(t, [{ status: 200, body: '{"data":[],"has_more":false}' }]);
  const client = createClient({ baseUrl: url, apiKey: 'k', workspaceName: 'w' });
  const workspace = client.inWorkspace();
  const files = [{ name: 'a', body: 'a' }];
  const folder = join(tmpdir(), 'sluice-no-download');
  await refuses(UPLOAD, (options) => workspace.uploadFiles(files, options));
  await refuses(UPLOAD, (options) => client.planUpload(files, options));
  await refuses(UPLOAD, (options) => workspace.uploadDirectory(import.meta.dirname, options));
  await refuses({ ...SCAN, names: ['full'] }, (options) =>
    workspace.uploadDirectory(import.meta.dirname, options),
  );
  await refuses(SCAN, (options) => scanDirectory(import.meta.dirname, options));
  await refuses(DOWNLOAD, (options) => workspace.downloadFiles(folder, options));
  await refuses(LIST, (options) => Array.fromAsync(workspace.listFiles(options)));
  await refuses({ isExpired: NO_FLAGS, batchSize: NO_COUNTS, signal: NO_SIGNALS }, (options) =>
    Array.fromAsync(workspace.listUploadSessions(options)),
  );
  await refuses({ signal: NO_SIGNALS }, (options) => client.workspaces.list(options));
  assert.deepEqual(seen, []);
});

test('a query that would be sent as a word of the language is refused', async (t) => {
  const { url, seen } = await startBareServer(t, [{ status: 200, body: '{}' }]);
  const { files, uploadSessions, tokens } = createClient({ baseUrl: url, apiKey: 'k' });
  const queries: Record<string, unknown[]> = {
    limit: [Number.NaN, Number.POSITIVE_INFINITY, {}, [10], () => 1, new Date(0)],
    order: [{}, ['ASC'], '\ud83d'],
  };
  await refuses(queries, (query) => files.list('w', query));
  await refuses(queries, (query) => uploadSessions.list('w', query));
  await refuses(queries, (query) => tokens.list(query));
  assert.deepEqual(seen, []);
});

test('a body that JSON would change is refused by the name of its field', async (t) => {
  const { url, seen } = await startBareServer(t, [{ status: 200, body: '{}' }]);
  const { uploadSessions, workspaces, tokens } = createClient({ baseUrl: url, apiKey: 'k' });
  const refused = (message: RegExp) => ({ name: 'ArgumentError', message });
  const session = { expires_in_seconds: Number.NaN };
  await assert.rejects(uploadSessions.create('w', session), refused(/^expires_in_seconds is NaN/));
  await assert.rejects(tokens.create({ name: new Map() as Any }), refused(/^name is a Map/));
  await assert.rejects(workspaces.create((() => 'w') as Any), refused(/^name is a function/));
  assert.deepEqual(seen, []);
});

test('a client whose timers would run out at once is not made', async () => {
  const good = { baseUrl: 'http://127.0.0.1', apiKey: 'k' };
  await refuses(CLIENT, (options) => createClient({ ...good, ...options }));
  const delays = {
    firstDelayMs: [2 ** 31],
    maxDelayMs: [Number.POSITIVE_INFINITY],
    maxRetryAfterMs: [2 ** 40],
  };
  await refuses(delays, (retry) => createClient({ ...good, retry }));
});

test('content without a session is text, bytes or a Blob, and has a name', async (t) => {
  const { url, seen } = await startBareServer(t, [{ status: 200, body: '{}' }]);
  const { files } = createClient({ baseUrl: url, apiKey: 'k' });
  for (const body of [undefined, null, 5, {}, ['a'], new ArrayBuffer(1), { path: 'a' }, '\ud83d'] as Any[]) {
    await assert.rejects(files.upload('w', { name: 'a', body }), {
      name: 'ArgumentError',
      message: /^The body /,
    });
  }
  for (const name of [undefined, null, '', 5, {}] as Any[]) {
    await assert.rejects(files.upload('w', { name, body: 'a' }), {
      name: 'ArgumentError',
      message: /name of the file/,
    });
  }
  assert.deepEqual(seen, []);
});
