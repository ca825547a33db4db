import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { bytesOf, readAll } from '../../../../../testing/objects/bytes.ts';
import { customForm } from './custom-form.ts';
import { type FormServer, PREFIX, startFormServer } from './form-server.ts';
import { element, formBody, openConnection, post, request } from './raw-http.ts';

/** Bodies on disk, whole or coming in. */
const filesOnDisk = async ({ directory }: FormServer): Promise<string[]> =>
  (await readdir(join(directory, 'objects'), { recursive: true })).filter((name) => name !== 'incoming');

/** Resolves once the server has told of `count` uploads, stored or not. */
const toldOf = async ({ told }: FormServer, count: number): Promise<void> => {
  while (told.length < count) await new Promise((resolve) => setImmediate(resolve));
};

/** Resolves once no upload has anything on disk any more. */
const nothingComingIn = async (server: FormServer): Promise<void> => {
  while ((await filesOnDisk(server)).some((name) => name.startsWith('incoming'))) {
    await new Promise((resolve) => setImmediate(resolve));
  }
};

test('MPF.7: an upload cut off at any byte stores nothing', async (t) => {
  const server = await startFormServer(t);
  const bytes = request(server.form, formBody(server.form, { content: 'x'.repeat(200) }));
  assert.ok(bytes.length > 2000);
  const head = bytes.indexOf('\r\n\r\n') + 4;
  for (let from = head; from < bytes.length; from += 100) {
    const lengths = Array.from({ length: Math.min(100, bytes.length - from) }, (_, at) => from + at);
    const before = server.told.length;
    await Promise.all(
      lengths.map(async (length) => {
        const connection = await openConnection(t, server.port);
        await connection.flushed(bytes.subarray(0, length));
        connection.socket.end();
        await connection.over;
      }),
    );
    await toldOf(server, before + lengths.length);
  }
  assert.deepEqual(new Set(server.told), new Set(['IncompleteBody']));
  assert.deepEqual(await server.names(), []);
  assert.equal((await post(t, server.form)).status, 204);
});

test('MPF.2: a request that comes byte by byte is a request', async (t) => {
  const server = await startFormServer(t);
  const content = `almost\r\n--0123456789abcdef0123456789abcde\r\n--\r\n`;
  const connection = await openConnection(t, server.port);
  for (const byte of request(server.form, formBody(server.form, { content })))
    await connection.flushed(Buffer.from([byte]));
  assert.equal((await connection.answer())?.status, 204);
  assert.equal((await readAll(await server.store.read(`${PREFIX}a.txt`)))?.toString(), content);
});

test('MPF.7: an upload that is given up in the middle of a large file leaves nothing', async (t) => {
  const server = await startFormServer(t);
  const body = formBody(server.form, { content: bytesOf(3_000_000) });
  for (const reset of [false, true]) {
    const connection = await openConnection(t, server.port);
    await connection.flushed(request(server.form, body).subarray(0, 2_000_000));
    if (reset) connection.socket.resetAndDestroy();
    else connection.socket.destroy();
    await connection.over;
  }
  await toldOf(server, 2);
  await nothingComingIn(server);
  assert.deepEqual(await filesOnDisk(server), []);
  assert.deepEqual(server.told, ['IncompleteBody', 'IncompleteBody']);
  assert.deepEqual(await server.names(), []);
});

test('POL.10: a Content-Length that lies gains nothing', async (t) => {
  const server = await startFormServer(t);
  const body = formBody(server.form);
  const short = await post(t, server.form, { headers: { 'Content-Length': String(body.length - 10) } });
  assert.equal(element(short, 'Code'), 'MalformedPOSTRequest');

  const connection = await openConnection(t, server.port);
  await connection.flushed(request(server.form, body, { 'Content-Length': String(body.length + 10) }));
  connection.socket.end();
  await connection.over;
  await toldOf(server, 2);
  assert.deepEqual(await server.names(), []);
});

test('a connection goes on after an error as after a success', async (t) => {
  const server = await startFormServer(t);
  const expired = await customForm(server, { expiresAt: 0 });
  const connection = await openConnection(t, server.port);
  for (const size of [10, 200_000, 10]) {
    for (const [form, status] of [
      [expired, 403],
      [server.form, 204],
    ] as const) {
      connection.write(request(form, formBody(form, { content: Buffer.alloc(size) })));
      const answer = await connection.answer();
      assert.equal(answer?.status, status, `${size}`);
      assert.notEqual(answer?.headers.get('connection'), 'close');
    }
  }
  connection.write(
    Buffer.concat([
      request(server.form, formBody(server.form, { filename: 'p1' })),
      request(expired, formBody(expired)),
      request(server.form, formBody(server.form, { filename: 'p2' })),
    ]),
  );
  const pipelined = [await connection.answer(), await connection.answer(), await connection.answer()];
  assert.deepEqual(
    pipelined.map((answer) => answer?.status),
    [204, 403, 204],
  );
});

test('Expect: 100-continue is answered before the body comes', async (t) => {
  const server = await startFormServer(t);
  const bytes = request(server.form, formBody(server.form), { Expect: '100-continue' });
  const head = bytes.indexOf('\r\n\r\n') + 4;
  const connection = await openConnection(t, server.port);
  connection.write(bytes.subarray(0, head));
  assert.equal((await connection.answer())?.status, 100);
  connection.write(bytes.subarray(head));
  assert.equal((await connection.answer())?.status, 204);
});

/** Sends a large body of which the server needs no more than the start, and says how much went out. */
const sendOn = async (t: TestContext, server: FormServer, total: number) => {
  const expired = await customForm(server, { expiresAt: 0 });
  const body = formBody(expired, { content: Buffer.alloc(200_000) });
  const connection = await openConnection(t, server.port);
  connection.write(request(expired, body.subarray(0, 100_000), { 'Content-Length': String(total) }));
  const answer = await connection.answer();
  let sent = 100_000;
  const chunk = Buffer.alloc(1_000_000);
  while (sent < total && !connection.socket.destroyed) {
    const size = Math.min(chunk.length, total - sent);
    await Promise.race([connection.flushed(chunk.subarray(0, size)), connection.over]);
    sent += size;
  }
  return { answer, connection, sent };
};

test('a client that is still sending gets its refusal, and may send the rest', async (t) => {
  const server = await startFormServer(t);
  const { answer, connection, sent } = await sendOn(t, server, 20_000_000);
  assert.equal(answer?.status, 403);
  assert.equal(answer && element(answer, 'Code'), 'AccessDenied');
  assert.equal(answer?.headers.get('connection'), 'close');
  assert.equal(sent, 20_000_000);
  await connection.over;
});

test('a client that goes on sending beyond the bounds is cut off', async (t) => {
  const bytes = await startFormServer(t, { endpoint: { drain: { milliseconds: 60_000, bytes: 1_000_000 } } });
  const large = await sendOn(t, bytes, 2_000_000_000);
  assert.equal(large.answer?.status, 403);
  assert.ok(large.sent < 2_000_000_000);

  const time = await startFormServer(t, { endpoint: { drain: { milliseconds: 50, bytes: 1e9 } } });
  const expired = await customForm(time, { expiresAt: 0 });
  for (const announced of [100_000_000, 100_000]) {
    const connection = await openConnection(t, time.port);
    connection.write(request(expired, formBody(expired), { 'Content-Length': String(announced) }));
    assert.equal((await connection.answer())?.status, 403);
    await connection.over;
  }
});

test('an announced length that cannot fit is refused before the bytes come', async (t) => {
  const server = await startFormServer(t, { maxBytes: 1_000_000 });
  const connection = await openConnection(t, server.port);
  const body = formBody(server.form, { content: 'x'.repeat(100) }).subarray(0, -50);
  connection.write(request(server.form, body, { 'Content-Length': '5000000000' }));
  const answer = await connection.answer();
  assert.equal(answer && element(answer, 'Code'), 'EntityTooLarge');
});

test('MPF.9: an upload that falls silent is ended with RequestTimeout, and only that one', async (t) => {
  const server = await startFormServer(t, { endpoint: { idleTimeout: 100 } });
  const bytes = request(server.form, formBody(server.form, { content: bytesOf(200_000) }));
  const head = bytes.indexOf('\r\n\r\n') + 4;
  const stops = [head, head + 500, bytes.length - 100_000, bytes.length - 1];
  const silent = await Promise.all(
    stops.map(async (stop) => {
      const connection = await openConnection(t, server.port);
      connection.write(bytes.subarray(0, stop));
      return connection;
    }),
  );
  assert.equal((await post(t, server.form, { filename: 'quick' })).status, 204);
  for (const connection of silent) {
    const answer = await connection.answer();
    assert.deepEqual([answer?.status, answer && element(answer, 'Code')], [400, 'RequestTimeout']);
  }
  await nothingComingIn(server);
  assert.deepEqual(await server.names(), ['quick']);
});

test('MPF.9: two hundred slow clients keep nobody waiting', async (t) => {
  const server = await startFormServer(t);
  const slow = await Promise.all(
    Array.from({ length: 200 }, async (_, at) => {
      const connection = await openConnection(t, server.port);
      const bytes = request(
        server.form,
        formBody(server.form, { filename: `slow${at}`, content: 'x'.repeat(300) }),
      );
      await connection.flushed(bytes.subarray(0, bytes.length - 300 + (at % 200)));
      return { connection, rest: bytes.subarray(bytes.length - 300 + (at % 200)) };
    }),
  );
  for (let at = 0; at < 20; at++)
    assert.equal((await post(t, server.form, { filename: `quick${at}` })).status, 204);
  for (const { connection, rest } of slow) connection.write(rest);
  for (const { connection } of slow) assert.equal((await connection.answer())?.status, 204);
  assert.equal((await server.names()).length, 220);
});

test('an upload to a store that has closed is put off, large or small', async (t) => {
  const server = await startFormServer(t);
  await server.store.close();
  for (const size of [10, 500_000]) {
    const answer = await post(t, server.form, { content: Buffer.alloc(size) });
    assert.deepEqual([answer.status, element(answer, 'Code')], [503, 'ServiceUnavailable'], `${size}`);
  }
  assert.equal(server.failures.length, 2);
});
