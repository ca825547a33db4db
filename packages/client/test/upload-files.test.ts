import assert from 'node:assert/strict';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startSluice } from '../../../testing/server/sluice-server.ts';
import { createClient as createWebClient } from '../src/index.ts';
import { createClient, type Upload, UploadInterrupted, type UploadProgress } from '../src/node/index.ts';

const DOCUMENTS = fileURLToPath(new URL('../../../examples/documents', import.meta.url));

const server = await startSluice();
const client = createClient(server);

const newWorkspace = async (name: string) => (await client.workspaces.create(name)).name;

const outcomes = ({ results }: Upload) =>
  results.map(({ name, status, reason }) => `${name} ${status}${reason === null ? '' : ` ${reason}`}`);

const textOf = async (workspace: string, fileId: string | null | undefined) =>
  (await client.files.content(workspace, fileId ?? '')).text();

test('CLI.4: a folder of documents ends as its files deserve', async () => {
  const workspace = await newWorkspace('documents');
  const upload = await client.uploadDirectory(workspace, DOCUMENTS, { orphanSidecars: 'send' });

  assert.equal(upload.settled, true);
  assert.equal(upload.results.filter(({ status }) => status === 'finished').length, 14);
  assert.deepEqual(
    outcomes(upload).filter((outcome) => !outcome.endsWith('finished')),
    [
      'incident-log.txt failed EMPTY_FILE',
      'lost-survey.pdf.meta.json skipped ORPHAN_SIDECAR',
      'winter-closure-2026.txt failed FAILED_TO_PARSE_META',
    ],
  );
  assert.deepEqual(upload.orphanSidecars, ['lost-survey.pdf.meta.json']);

  const german = await client.files.list(workspace, { filter: "language eq 'de'", field: 'name' });
  assert.deepEqual(
    german.data.map(({ name }) => name),
    ['Gebühren & Ermäßigungen.html', 'Schleusenordnung für Gäste.txt', 'Wasserstände März 2026.csv'],
  );
  const [plan] = upload.results.filter(({ name }) => name === 'canal & lock (plan), 100+.md');
  assert.match(await textOf(workspace, plan?.fileId), /^# Canal & lock: plan/);
});

test('every kind of body arrives whole, with the metadata it was given', async () => {
  const workspace = await newWorkspace('bodies');
  const upload = await client.uploadFiles(workspace, [
    { name: 'text', body: 'grün', meta: { kind: 'text' } },
    { name: 'bytes', body: new TextEncoder().encode('bytes') },
    { name: 'blob', body: new Blob(['bl', 'ob']) },
    { name: 'path', body: { path: join(DOCUMENTS, 'notice-to-skippers.txt') } },
    { name: 'bytes.meta.json', body: '{"kind":"bytes"}' },
  ]);
  assert.deepEqual(outcomes(upload), ['text finished', 'bytes finished', 'blob finished', 'path finished']);
  const texts = await Promise.all(upload.results.map(({ fileId }) => textOf(workspace, fileId)));
  assert.deepEqual(texts.slice(0, 3), ['grün', 'bytes', 'blob']);
  assert.match(texts[3] ?? '', /^NOTICE TO SKIPPERS/);
  assert.deepEqual(
    upload.results.map(({ size }) => size),
    [5, 5, 4, Buffer.byteLength(texts[3] ?? '')],
  );
  const metadata = await Promise.all(
    upload.results.map(({ fileId }) => client.files.metadata(workspace, fileId ?? '')),
  );
  assert.deepEqual(metadata, [{ kind: 'text' }, { kind: 'bytes' }, {}, {}]);
});

/** What the names are for: encoded once here, decoded once there. */
const NAMES = [
  'a b.txt',
  '100%.txt',
  'a%20b.txt',
  '%2541',
  'folder/inner.txt',
  'quotes \' and ".txt',
  'semi;colon, comma=equals&amp.txt',
  'key ${filename}.txt',
  '統計表.csv',
  '👷🏽‍♀️.txt',
  '-leading.txt',
  'trailing dot.',
];

test('NAM.2: names arrive as they are', async () => {
  const workspace = await newWorkspace('names');
  const upload = await client.uploadFiles(
    workspace,
    NAMES.map((name) => ({ name, body: name, meta: { name } })),
  );
  assert.deepEqual(
    outcomes(upload),
    NAMES.map((name) => `${name} finished`),
  );
  const listed = await Array.fromAsync(client.files.listAll(workspace));
  assert.deepEqual(listed.map(({ name }) => name).sort(), [...NAMES].sort());
  for (const { name, meta } of listed) assert.equal(meta.name, name);
});

test('NAM.5: names that other clients would make one stay two', async () => {
  const workspace = await newWorkspace('not merged');
  const names = ['a#b.txt', 'a_b.txt', 'a%23b.txt'];
  const upload = await client.uploadFiles(
    workspace,
    names.map((name) => ({ name, body: name })),
  );
  assert.deepEqual(
    outcomes(upload),
    names.map((name) => `${name} finished`),
  );
  for (const { name, fileId } of upload.results) assert.equal(await textOf(workspace, fileId), name);
});

test('NAM.1: a decomposed name is found again under its composed spelling', async () => {
  const workspace = await newWorkspace('composed');
  const upload = await client.uploadFiles(workspace, [{ name: 'Gu\u0308ste.txt', body: 'x' }]);
  assert.deepEqual(outcomes(upload), ['G\u00fcste.txt finished']);
});

test('names no file may have fail one by one, the others finish', async () => {
  const workspace = await newWorkspace('bad names');
  const upload = await client.uploadFiles(
    workspace,
    ['../up.txt', 'ok.txt', 'bell\u0007.txt', '', 'back\\slash'].map((name) => ({ name, body: 'x' })),
  );
  assert.deepEqual(
    upload.results.map(({ status }) => status),
    ['failed', 'finished', 'failed', 'skipped', 'failed'],
  );
  for (const { status, message } of upload.results) assert.equal(message !== null, status !== 'finished');
});

test('write modes do what they say', async () => {
  const workspace = await newWorkspace('modes');
  const send = (body: string, writeMode: 'KEEP' | 'OVERWRITE' | 'FAIL' | 'TEMPORARY') =>
    client.uploadFiles(workspace, [{ name: 'a', body }], { writeMode });
  const first = await send('one', 'KEEP');
  const second = await send('two', 'OVERWRITE');
  assert.equal(second.results[0]?.fileId, first.results[0]?.fileId);
  assert.equal(await textOf(workspace, first.results[0]?.fileId), 'two');
  assert.deepEqual(outcomes(await send('three', 'FAIL')), ['a failed FILE_ALREADY_EXISTS']);
  const temporary = await send('four', 'TEMPORARY');
  assert.equal((await client.files.list(workspace)).total, 1);
  assert.equal(await textOf(workspace, temporary.results[0]?.fileId), 'four');
});

test('LIF.5: several inputs of one name make one file, and every input has its result', async () => {
  const workspace = await newWorkspace('twins');
  const upload = await client.uploadFiles(
    workspace,
    ['1', '2', '3'].map((body) => ({ name: 'a', body })),
  );
  assert.deepEqual(outcomes(upload), ['a skipped SAME_NAME', 'a skipped SAME_NAME', 'a finished']);
  assert.equal(await textOf(workspace, upload.results[2]?.fileId), '3');
});

test('nothing to send opens no session', async () => {
  const workspace = await newWorkspace('nothing');
  const upload = await client.uploadFiles(workspace, [
    { name: 'x.meta.json', body: '{}' },
    { name: 'y', body: { path: join(DOCUMENTS, 'missing') } },
  ]);
  assert.equal(upload.sessionId, null);
  assert.deepEqual(outcomes(upload), ['x.meta.json skipped ORPHAN_SIDECAR', 'y skipped UNREADABLE']);
  assert.equal((await client.uploadSessions.list(workspace)).total, 0);
});

test('the plan is shown before a session is opened, and may stop it', async () => {
  const workspace = await newWorkspace('stopped');
  const onPlan = () => {
    throw new Error('not like this');
  };
  await assert.rejects(client.uploadFiles(workspace, [{ name: 'a', body: 'a' }], { onPlan }), {
    message: 'not like this',
  });
  assert.equal((await client.uploadSessions.list(workspace)).total, 0);
});

test('progress only ever grows, and ends at everything', async () => {
  const workspace = await newWorkspace('progress');
  const seen: UploadProgress[] = [];
  const inputs = Array.from({ length: 40 }, (_, index) => ({
    name: `f${index}`,
    body: 'x',
    meta: { index },
  }));
  await client.uploadFiles(workspace, inputs, { onProgress: (progress) => seen.push(progress) });
  for (const [index, { sent, bytesSent, finished }] of seen.entries()) {
    const before = seen[index - 1] ?? { sent: 0, bytesSent: 0, finished: 0 };
    assert.ok(sent >= before.sent && bytesSent >= before.bytesSent && finished >= before.finished);
  }
  const last = seen.at(-1);
  assert.deepEqual(
    [last?.phase, last?.files, last?.sent, last?.finished, last?.failed],
    ['ingesting', 40, 40, 40, 0],
  );
  assert.equal(last?.bytesSent, last?.bytes);
});

test('the bytes of a large file are counted while it is sent', async () => {
  const workspace = await newWorkspace('on the way');
  const seen: UploadProgress[] = [];
  const body = new Uint8Array(3 * 1024 ** 2).fill(120);
  await client.uploadFiles(
    workspace,
    [{ name: 'large', body: { size: body.length, open: () => inPieces(body) } }],
    {
      onProgress: (progress) => seen.push(progress),
    },
  );
  const onTheWay = seen.filter(({ sent, bytesSent }) => sent === 0 && bytesSent > 0);
  assert.ok(onTheWay.length > 10, `${onTheWay.length} times`);
  for (const [index, { bytesSent, bytes }] of seen.entries()) {
    assert.ok(bytesSent >= (seen[index - 1]?.bytesSent ?? 0) && bytesSent <= bytes);
  }
  assert.equal(seen.at(-1)?.bytesSent, body.length);
});

async function* inPieces(body: Uint8Array) {
  for (let at = 0; at < body.length; at += 65_536) yield body.subarray(at, at + 65_536);
}

test('without waiting, what is sent is pending', async () => {
  const workspace = await newWorkspace('no wait');
  const upload = await client.uploadFiles(workspace, [{ name: 'a', body: 'a' }], { wait: false });
  assert.deepEqual(outcomes(upload), ['a pending']);
  assert.equal(upload.settled, false);
  assert.equal((await client.uploadSessions.get(workspace, upload.sessionId ?? '')).status, 'CLOSED');
});

test('abort leaves the session open, and says which it is', async () => {
  const workspace = await newWorkspace('aborted');
  const controller = new AbortController();
  const reason = new Error('enough');
  const inputs = Array.from({ length: 200 }, (_, index) => ({ name: `f${index}`, body: 'x' }));
  const error = await client
    .uploadFiles(workspace, inputs, {
      signal: controller.signal,
      onProgress: ({ sent }) => sent === 20 && controller.abort(reason),
    })
    .catch((caught: unknown) => caught);
  assert.ok(error instanceof UploadInterrupted);
  assert.equal(error.phase, 'sending');
  assert.equal(error.cause, reason);
  const status = await client.uploadSessions.get(workspace, error.sessionId);
  assert.equal(status.status, 'OPEN');
  assert.ok(status.total_files >= 20 && status.total_files < 200, String(status.total_files));
  await client.uploadSessions.close(workspace, error.sessionId);
});

test('LIF.1: a session that somebody else closed refuses every file, and its result says so', async () => {
  const workspace = await newWorkspace('closed');
  const upload = await client.uploadFiles(
    workspace,
    ['a', 'b'].map((name) => ({ name, body: name })),
    { onSession: ({ session_id }) => client.uploadSessions.close(workspace, session_id) },
  );
  assert.deepEqual(outcomes(upload), ['a failed UPLOAD_FAILED', 'b failed UPLOAD_FAILED']);
  for (const { message } of upload.results)
    assert.match(message ?? '', /^The object store answered 403, AccessDenied/);
});

test('CLI.1: a large file streams from disk', async (t) => {
  const workspace = await newWorkspace('large');
  const folder = await mkdtemp(join(tmpdir(), 'sluice-client-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'large.bin');
  const size = 48 * 1024 * 1024;
  const file = await open(path, 'w');
  const block = Buffer.from(Array.from({ length: 1024 * 1024 }, (_, index) => index % 241));
  for (let at = 0; at < size; at += block.length) await file.write(block);
  await file.close();

  const upload = await client.uploadFiles(workspace, [{ name: 'large.bin', body: { path } }]);
  assert.deepEqual(outcomes(upload), ['large.bin finished']);
  assert.equal(upload.results[0]?.size, size);
  const content = await client.files.content(workspace, upload.results[0]?.fileId ?? '', {
    range: { start: size - block.length },
  });
  assert.deepEqual(Buffer.from(await content.arrayBuffer()), block);
});

test('1,200 files with sidecars, and each result with its own id', async () => {
  const workspace = await newWorkspace('many');
  const inputs = Array.from({ length: 1_200 }, (_, index) => ({
    name: `f${index}.txt`,
    body: `${index}`,
    meta: { index },
  }));
  const upload = await client.uploadFiles(workspace, inputs, { signal: new AbortController().signal });
  assert.ok(upload.results.every(({ status }) => status === 'finished'));
  assert.equal(new Set(upload.results.map(({ fileId }) => fileId)).size, 1_200);
  const one = upload.results[777];
  assert.equal(await textOf(workspace, one?.fileId), '777');
  assert.deepEqual(await client.files.metadata(workspace, one?.fileId ?? ''), { index: 777 });
});

test('the client for everywhere uploads what is in memory, and says that it reads no paths', async () => {
  const workspace = await newWorkspace('web client');
  const upload = await createWebClient(server).uploadFiles(workspace, [
    { name: 'blob ü.txt', body: new Blob(['blob']), meta: { a: 1 } },
    { name: 'path', body: { path: DOCUMENTS } },
  ]);
  assert.deepEqual(outcomes(upload), ['blob ü.txt finished', 'path skipped UNREADABLE']);
  assert.match(upload.results[1]?.message ?? '', /@sluice\/client\/node/);
});

test('a key that is not valid is an ApiError, before anything is sent', async () => {
  const stranger = createClient({ ...server, apiKey: 'api_nobody' });
  await assert.rejects(stranger.uploadFiles('default', [{ name: 'a', body: 'a' }]), {
    name: 'ApiError',
    code: 'NOT_AUTHENTICATED',
  });
});
