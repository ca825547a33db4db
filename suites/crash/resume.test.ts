import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import {
  createClient,
  type Upload,
  UploadInterrupted,
  type UploadOptions,
} from '../../packages/client/src/node/index.ts';
import { documentedFieldsOnly } from '../../testing/server/documented-fields.ts';
import { startSluice } from '../../testing/server/sluice-server.ts';

const server = await startSluice();
const client = createClient(server);

const inputs = Array.from({ length: 60 }, (_, index) => ({
  name: `f${index}.txt`,
  body: `content ${index}`,
  meta: { index },
}));

const newWorkspace = async (name: string) => (await client.workspaces.create(name)).name;

/** An upload that is ended after 20 files, and the form of its session. */
const interrupted = async (workspace: string, options: UploadOptions = {}) => {
  const controller = new AbortController();
  let form: UploadForm | undefined;
  const error = await client
    .uploadFiles(workspace, inputs, {
      ...options,
      signal: controller.signal,
      onSession: (session) => {
        form = session.aws_prefixed_request_config;
      },
      onProgress: ({ sent }) => sent === 20 && controller.abort(new Error('enough')),
    })
    .catch((caught: unknown) => caught);
  assert.ok(error instanceof UploadInterrupted);
  return { error, form: form as unknown as UploadForm };
};

type UploadForm = NonNullable<NonNullable<UploadOptions['resume']>['form']>;

const assertComplete = async (workspace: string, upload: Upload) => {
  assert.ok(upload.settled);
  assert.ok(upload.results.every(({ status, fileId }) => status === 'finished' && fileId !== null));
  const files = await Array.fromAsync(client.files.listAll(workspace));
  assert.equal(files.length, inputs.length);
  for (const { name, meta } of files) assert.equal(name, `f${meta.index}.txt`);
};

test('CLI.1: with the form of an open session, what is missing goes through the same session', async () => {
  const workspace = await newWorkspace('same session');
  const { error, form } = await interrupted(workspace);
  assert.equal(error.sessionStatus, 'OPEN');
  assert.equal(error.results.length, 60);
  assert.ok(error.results.filter(({ status }) => status === 'pending').length >= 20);
  assert.ok(error.results.some(({ status, reason }) => status === 'skipped' && reason === 'NOT_SENT'));

  const seen: number[] = [];
  const upload = await client.uploadFiles(workspace, inputs, {
    resume: { sessionId: error.sessionId, form },
    onProgress: ({ files, alreadyThere }) => seen.push(files, alreadyThere),
  });
  assert.deepEqual(upload.sessionIds, [error.sessionId]);
  const [files = 0, alreadyThere = 0] = seen;
  assert.equal(files + alreadyThere, 60);
  assert.ok(alreadyThere >= 20, `${alreadyThere} were there`);
  await assertComplete(workspace, upload);
});

test('CLI.1: after kill -9 of the uploading process, only what is missing is sent', async () => {
  const workspace = await newWorkspace('killed');
  const sources = Array.from({ length: 2_000 }, (_, index) => ({ name: `f${index}.txt`, body: `${index}` }));
  const program = `
    const { createClient } = await import(${JSON.stringify(new URL('../../packages/client/src/node/index.ts', import.meta.url))});
    const client = createClient(${JSON.stringify(server)});
    await client.uploadFiles('killed', ${JSON.stringify(sources)}, {
      onSession: ({ session_id }) => console.log(session_id),
      onProgress: ({ sent }) => sent === 100 && console.log('sent'),
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let sessionId = '';
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'sent') child.kill('SIGKILL');
    else sessionId = line;
  }
  const seen: number[] = [];
  const upload = await client.uploadFiles(workspace, sources, {
    resume: { sessionId },
    onProgress: ({ files, alreadyThere }) => seen.push(files, alreadyThere),
  });
  const [files = 0, alreadyThere = 0] = seen;
  assert.ok(alreadyThere >= 100 && alreadyThere < 2_000, `${alreadyThere} were there`);
  assert.equal(files + alreadyThere, 2_000);
  assert.ok(upload.results.every(({ status }) => status === 'finished'));
  assert.equal((await client.files.list(workspace)).total, 2_000);
});

test('CLI.1: without it, that session is closed, and what is missing goes through a new one', async () => {
  const workspace = await newWorkspace('next session');
  const { error } = await interrupted(workspace);
  const upload = await client.uploadFiles(workspace, inputs, { resume: { sessionId: error.sessionId } });
  assert.equal(upload.sessionIds.length, 2);
  assert.equal(upload.sessionIds[0], error.sessionId);
  await assertComplete(workspace, upload);
});

test('told to close, an upload that is ended leaves no open session', async () => {
  const workspace = await newWorkspace('closed at the end');
  const { error } = await interrupted(workspace, { whenInterrupted: 'close' });
  assert.equal(error.sessionStatus, 'CLOSED');
  assert.equal((await client.uploadSessions.get(workspace, error.sessionId)).status, 'CLOSED');
  const upload = await client.uploadFiles(workspace, inputs, { resume: { sessionId: error.sessionId } });
  await assertComplete(workspace, upload);
});

test('results of an earlier run stand for what they say is finished', async () => {
  const workspace = await newWorkspace('by results');
  const first = await client.uploadFiles(workspace, inputs.slice(0, 40));
  const again = await client.uploadFiles(workspace, inputs, { resume: { results: first.results } });
  assert.deepEqual(again.results.slice(0, 40), first.results);
  await assertComplete(workspace, again);
  const nothing = await client.uploadFiles(workspace, inputs, { resume: { results: again.results } });
  assert.equal(nothing.sessionId, null);
  assert.deepEqual(nothing.results, again.results);
});

test('a file of another size is sent again', async () => {
  const workspace = await newWorkspace('another size');
  const first = await client.uploadFiles(workspace, inputs.slice(0, 2));
  const changed = [{ name: 'f0.txt', body: 'longer than before' }, inputs[1] as (typeof inputs)[number]];
  const again = await client.uploadFiles(workspace, changed, {
    resume: { sessionId: first.sessionId as string },
    writeMode: 'OVERWRITE',
  });
  assert.equal(again.results[0]?.size, 18);
  assert.equal(again.results[0]?.fileId, first.results[0]?.fileId);
  assert.deepEqual(again.results[1], first.results[1]);
});

const unreadable = (size: number) => ({ size, open: () => Promise.reject(new Error('The tape is gone.')) });

test('a changed file that cannot be sent again is not finished because it was so before', async () => {
  const workspace = await newWorkspace('changed and lost');
  const first = await client.uploadFiles(workspace, inputs.slice(0, 2));
  const changed = [{ name: 'f0.txt', body: unreadable(18) }, inputs[1] as (typeof inputs)[number]];
  const again = await client.uploadFiles(workspace, changed, {
    resume: { sessionId: first.sessionId as string },
    writeMode: 'OVERWRITE',
  });
  assert.deepEqual(
    again.results.map(({ status, reason, fileId, size }) => [status, reason, fileId, size]),
    [
      ['failed', 'UNREADABLE', null, 18],
      ['finished', null, first.results[1]?.fileId, 9],
    ],
  );
});

test('nor is it where the session with what it was before is gone on with', async () => {
  const workspace = await newWorkspace('changed and lost in one session');
  const { error, form } = await interrupted(workspace);
  const changed = inputs.map((input) =>
    input.name === 'f0.txt' ? { name: input.name, body: unreadable(18) } : input,
  );
  const resume = { sessionId: error.sessionId, form };
  const { sessionIds, results } = await client.uploadFiles(workspace, changed, { resume });
  assert.deepEqual(sessionIds, [error.sessionId]);
  assert.deepEqual([results[0]?.status, results[0]?.reason], ['failed', 'UNREADABLE']);
  assert.ok(results.slice(1).every(({ status }) => status === 'finished'));
});

test('where only the list says that a session is closed, it is not gone on with', async () => {
  const documented = createClient({ ...server, fetch: documentedFieldsOnly });
  const workspace = await newWorkspace('closed meanwhile');
  const { error, form } = await interrupted(workspace, { whenInterrupted: 'close' });
  const closed = { sessionId: error.sessionId, form };
  const upload = await documented.uploadFiles(workspace, inputs, { resume: closed });
  assert.equal(upload.sessionIds.length, 2);
  assert.ok(upload.results.every(({ status }) => status === 'finished'));

  const other = await newWorkspace('still open');
  const { error: leftOpen, form: openForm } = await interrupted(other);
  const open = { sessionId: leftOpen.sessionId, form: openForm };
  assert.deepEqual((await documented.uploadFiles(other, inputs, { resume: open })).sessionIds, [
    open.sessionId,
  ]);
});

test('what ends the wait for an earlier session says which sessions there are, and that it is closed', async () => {
  const workspace = await newWorkspace('ended while resuming');
  const { error: first } = await interrupted(workspace);
  const reason = new Error('enough again');
  const controller = new AbortController();
  const closing: typeof fetch = async (url, init) => {
    const reply = await fetch(url, init);
    if (init?.method === 'PUT') controller.abort(reason);
    return reply;
  };
  const error = await createClient({ ...server, fetch: closing })
    .uploadFiles(workspace, inputs, { resume: first, signal: controller.signal })
    .catch((caught: unknown) => caught);
  assert.ok(error instanceof UploadInterrupted);
  assert.equal(error.cause, reason);
  assert.deepEqual(error.sessionIds, [first.sessionId]);
  assert.equal(error.results.length, 60);
  const { sessionId } = error;
  assert.equal((await client.uploadSessions.get(workspace, sessionId)).status, 'CLOSED');
  await assertComplete(workspace, await client.uploadFiles(workspace, inputs, { resume: { sessionId } }));
});

test('LIF.17: what exceeds a session goes through further ones, one after the other', async () => {
  const workspace = await newWorkspace('split');
  const opened: string[] = [];
  const upload = await client.uploadFiles(workspace, inputs, {
    maxFilesPerSession: 25,
    onSession: async ({ session_id }) => {
      for (const id of opened)
        assert.equal((await client.uploadSessions.get(workspace, id)).status, 'CLOSED');
      opened.push(session_id);
    },
  });
  assert.equal(upload.sessionIds.length, 3);
  assert.deepEqual(upload.sessionIds, opened);
  await assertComplete(workspace, upload);
});

test('a session to go on with that is not there is an ApiError, before anything is sent', async () => {
  const workspace = await newWorkspace('nowhere');
  const resume = { sessionId: '00000000-0000-4000-8000-000000000000' };
  await assert.rejects(client.uploadFiles(workspace, inputs, { resume }), { code: 'NOT_FOUND' });
});
