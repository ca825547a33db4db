import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Answer, startBareServer } from '../../../../../testing/server/bare-server.ts';
import { RETRY_POLICY } from '../../../src/http/retry-timing.ts';
import { createConnections } from '../../../src/node/connections.ts';
import { httpTransport } from '../../../src/node/http-transport.ts';
import { contentInMemory, UnreadableContent } from '../../../src/upload/planning/content.ts';
import { type AdaptiveLimit, adaptiveLimit } from '../../../src/upload/sending/adaptive-limit.ts';
import { sendFiles } from '../../../src/upload/sending/send-files.ts';
import {
  createSendObject,
  type SendObject,
  type SendOutcome,
  sendTimeoutMs,
} from '../../../src/upload/sending/send-object.ts';

const retry = { ...RETRY_POLICY, attempts: 4, firstDelayMs: 1 };

const start = async (
  t: TestContext,
  answers: readonly Answer[],
  signal?: AbortSignal,
  limit?: AdaptiveLimit,
) => {
  const server = await startBareServer(t, answers);
  const transport = httpTransport(createConnections(() => ({}), 4));
  t.after(transport.close);
  const send = createSendObject(
    { url: server.url, fields: { key: 'p/${filename}' } },
    { transport, retry, signal, ...(limit ? { limit } : {}) },
  );
  return { ...server, send };
};

const incomplete = { status: 400, body: '<Error><Code>IncompleteBody</Code></Error>' };
const tooLarge = { status: 400, body: '<Error><Code>EntityTooLarge</Code></Error>' };
const slowDown = { status: 503, headers: { 'retry-after': '0' } };

const CASES: { answers: Answer[]; tries: number; ends: string }[] = [
  { answers: [204], tries: 1, ends: 'accepted' },
  { answers: ['drop', 204], tries: 2, ends: 'accepted' },
  { answers: [slowDown, slowDown, 201], tries: 3, ends: 'accepted' },
  { answers: [incomplete, 204], tries: 2, ends: 'accepted' },
  { answers: [500, 502, 504, 204], tries: 4, ends: 'accepted' },
  { answers: [503], tries: 4, ends: 'UPLOAD_FAILED down: The object store answered 503' },
  {
    answers: [tooLarge, 204],
    tries: 1,
    ends: 'UPLOAD_FAILED: The object store answered 400, EntityTooLarge',
  },
  { answers: [403, 204], tries: 1, ends: 'UPLOAD_FAILED: The object store answered 403' },
  {
    answers: [{ status: 503, headers: { 'retry-after': '3600' } }, 204],
    tries: 1,
    ends: 'UPLOAD_FAILED down: The object store answered 503',
  },
];

const written = (outcome: SendOutcome) =>
  outcome.accepted
    ? 'accepted'
    : `${outcome.reason}${outcome.storeIsDown ? ' down' : ''}: ${outcome.message}`;

for (const { answers, tries, ends } of CASES) {
  const told = answers.map((answer) => (typeof answer === 'object' ? answer.status : answer)).join(', ');
  test(`CLI.1: answers ${told}: ${ends}, after ${tries} tries`, async (t) => {
    const { send, seen } = await start(t, answers);
    assert.equal(written(await send('ü b.txt', contentInMemory('abc'))), ends);
    assert.equal(seen.length, tries);
    for (const { body } of seen)
      assert.match(body.toString(), /filename="%C3%BC%20b\.txt".*?\r\n\r\nabc\r\n--/s);
  });
}

test('a lost connection says so in the end', async (t) => {
  const { send, seen } = await start(t, ['drop']);
  assert.match(
    written(await send('a', contentInMemory('abc'))),
    /^UPLOAD_FAILED down: The connection to the object store failed/,
  );
  assert.equal(seen.length, 4);
});

test('CNT.3: what cannot be read is not tried again', async (t) => {
  const { send, seen } = await start(t, [204]);
  const content = {
    ...contentInMemory('abc'),
    whole: () => Promise.reject(new UnreadableContent('It changed.')),
  };
  assert.equal(written(await send('a', content)), 'UNREADABLE: It changed.');
  assert.equal(seen.length, 0);
});

test('abort is no outcome', async (t) => {
  const reason = new Error('enough');
  const { send } = await start(t, [204], AbortSignal.abort(reason));
  await assert.rejects(send('a', contentInMemory('abc')), reason);
});

test('the time for a file grows with it', () => {
  assert.equal(sendTimeoutMs(0), 60_000);
  assert.equal(sendTimeoutMs(16_000_000), 60_000 + 1_000_000);
});

const planned = (count: number, sidecar = false) =>
  Array.from({ length: count }, (_, input) => ({
    input,
    name: `f${input}`,
    content: contentInMemory('abc'),
    sidecar: sidecar ? contentInMemory('{}') : null,
  }));

const noteNothing = () => {};

/** Sends them and resolves to what became of each. */
const sendAll = async (files: ReturnType<typeof planned>, send: SendObject, concurrency: number) => {
  const outcomes: SendOutcome[] = [];
  await sendFiles(files, { send, concurrency, onSent: (_, outcome) => outcomes.push(outcome) });
  return outcomes;
};

test('a file whose sidecar is refused is not sent', async (t) => {
  const { send, seen } = await start(t, [403, 204]);
  const outcomes = await sendAll(planned(1, true), send, 1);
  assert.equal(seen.length, 1);
  assert.match(seen[0]?.body.toString() ?? '', /filename="f0\.meta\.json"/);
  assert.deepEqual(outcomes.map(written), ['UPLOAD_FAILED: Its sidecar: The object store answered 403']);
});

test('a sidecar goes ahead of its file', async (t) => {
  const { send, seen } = await start(t, [204]);
  await sendFiles(planned(2, true), { send, concurrency: 1, onSent: noteNothing });
  const names = seen.map(({ body }) => /filename="([^"]+)"/.exec(body.toString())?.[1]);
  assert.deepEqual(names, ['f0.meta.json', 'f0', 'f1.meta.json', 'f1']);
});

test('when the store is down, the rest is given up', async (t) => {
  const { send, seen } = await start(t, [503]);
  const outcomes = await sendAll(planned(100), send, 4);
  assert.equal(outcomes.length, 100);
  assert.ok(outcomes.every((outcome) => !outcome.accepted));
  assert.ok(seen.length >= 20 * 4 && seen.length <= 24 * 4, `${seen.length} requests`);
});

test('when every file is refused for itself, every file is tried', async (t) => {
  const { send, seen } = await start(t, [403]);
  await sendFiles(planned(50), { send, concurrency: 4, onSent: noteNothing });
  assert.equal(seen.length, 50);
});

test('CLI.1: a store that has taken nothing for minutes is tried no further', async (t) => {
  const { send, seen } = await start(t, [204], undefined, {
    ...adaptiveLimit(4),
    troubledForMs: () => 300_001,
  });
  const outcome = await send('a', contentInMemory('abc'));
  assert.match(
    written(outcome),
    /^UPLOAD_FAILED down: Not sent: the object store has taken nothing for 5 minutes/,
  );
  assert.equal(seen.length, 0);
});

test('CLI.1: answers that ask for time lower how much is sent at once', async (t) => {
  const limit = adaptiveLimit(16);
  const { send } = await start(t, [slowDown, 204], undefined, limit);
  assert.deepEqual(await send('a', contentInMemory('abc')), { accepted: true });
  assert.equal(limit.current(), 4);
});
