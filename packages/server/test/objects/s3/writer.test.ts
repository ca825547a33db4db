import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { bytesOf } from '../../../../../testing/objects/bytes.ts';
import { createSlots } from '../../../src/objects/remote/slots.ts';
import { createConnection } from '../../../src/objects/s3/connection.ts';
import { createObjectWriter } from '../../../src/objects/s3/writer.ts';
import { type FakeAnswer, startFakeS3 } from './fake-s3.ts';

const PART = 200 * 1024;
const FAILED: FakeAnswer = { status: 500, body: '<Error><Code>InternalError</Code></Error>' };

/** A store whose answers to parts wait until the test gives them, and writers on it. */
const open = async (t: TestContext, { slots = 1 } = {}) => {
  const told = new EventEmitter();
  const parts: { number: number; body: Buffer; answer: (answer?: FakeAnswer) => void }[] = [];
  const ends: string[] = [];
  const { endpoint, objects, requests } = await startFakeS3(t, ({ method, query, body }) => {
    if (query.has('uploads')) {
      return {
        status: 200,
        body: '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>',
      };
    }
    if (!query.has('uploadId')) return undefined;
    if (method === 'PUT') {
      const number = Number(query.get('partNumber'));
      return new Promise((resolve) => {
        const answer = (other?: FakeAnswer) =>
          resolve(other ?? { status: 200, headers: { etag: `"p${number}"` } });
        parts.push({ number, body, answer });
        told.emit('part');
      });
    }
    ends.push(method === 'POST' ? `complete ${body.toString().match(/p\d/g)?.join()}` : 'abort');
    return method === 'POST'
      ? {
          status: 200,
          body: '<CompleteMultipartUploadResult><ETag>"whole-2"</ETag></CompleteMultipartUploadResult>',
        }
      : { status: 204 };
  });
  const settings = {
    endpoint,
    region: 'us-east-1',
    accessKeyId: 'key',
    secretAccessKey: 'secret',
    forcePathStyle: true,
    bucket: 'bucket',
  };
  const connection = createConnection(settings, {
    concurrency: 8,
    attempts: 1,
    answerTimeout: 10_000,
    idleTimeout: 10_000,
  });
  t.after(connection.close);
  const context = { connection, slots: createSlots(slots), partBytes: PART };
  return {
    objects,
    requests,
    parts,
    ends,
    context,
    /** Resolves once so many parts have come. */
    partsCame: async (count: number) => {
      while (parts.length < count) await once(told, 'part');
    },
    startWriter: (key = 'a', permit?: () => Promise<void>) => {
      const events = new EventEmitter();
      const happened: string[] = [];
      const tell = (what: string) => {
        happened.push(what);
        events.emit(what);
      };
      const writer = createObjectWriter(
        context,
        key,
        { drained: () => tell('drained'), failed: () => tell('failed') },
        permit,
      );
      return { ...writer, happened, event: (what: string) => once(events, what) };
    },
  };
};

test('a small body goes in one request', async (t) => {
  const { objects, requests, startWriter } = await open(t);
  for (const size of [0, 1, 128 * 1024]) {
    const body = bytesOf(size);
    const writer = startWriter(`b/${size}`);
    for (let at = 0; at < size; at += 1000) assert.equal(writer.write(body.subarray(at, at + 1000)), true);
    assert.equal((await writer.commit()).size, size);
    assert.deepEqual(objects.get(`b/${size}`), body);
  }
  assert.equal(requests.length, 3);
});

test('MPF.11: a sender that is faster than the store waits, and goes on when a part is through', async (t) => {
  const { parts, ends, partsCame, startWriter } = await open(t);
  const writer = startWriter();
  const body = bytesOf(4 * PART);
  assert.equal(writer.write(body.subarray(0, PART)), false, 'it waits for its slot');
  await writer.event('drained');
  assert.equal(writer.write(body.subarray(PART, 2 * PART)), true, 'two parts are on their way');
  assert.equal(writer.write(body.subarray(2 * PART, 3 * PART)), false, 'a third one must wait');
  await partsCame(2);
  assert.deepEqual(writer.happened, ['drained']);
  parts[0]?.answer();
  await partsCame(3);
  assert.deepEqual(writer.happened, ['drained', 'drained']);
  assert.equal(writer.write(body.subarray(3 * PART)), false);
  const committed = writer.commit();
  for (const part of parts.slice(1)) part.answer();
  await partsCame(4);
  parts[3]?.answer();
  assert.deepEqual(await committed, { etag: 'whole-2', size: 4 * PART });
  const sorted = [...parts].sort((a, b) => a.number - b.number);
  assert.deepEqual(Buffer.concat(sorted.map((part) => part.body)), body);
  assert.deepEqual(ends, ['complete p1,p2,p3,p4']);
});

test('a large body waits for its slot, and leaves it when it ends', async (t) => {
  const { context, startWriter } = await open(t);
  const [first, second, third] = [startWriter('1'), startWriter('2'), startWriter('3')];
  const half = bytesOf(150 * 1024);
  for (const writer of [first, second, third]) assert.equal(writer.write(half), false);
  await first.event('drained');
  assert.deepEqual(second.happened, []);
  await third.commit(); // all of it came while it waited
  await first.abort();
  await first.abort();
  assert.deepEqual(second.happened, ['drained']);
  await second.commit();
  assert.equal(context.slots.free(), 1);
});

test('LIF.12: a body that is given up in the middle leaves no part', async (t) => {
  const { context, ends, objects, partsCame, startWriter } = await open(t);
  const writer = startWriter();
  writer.write(bytesOf(PART));
  await partsCame(1);
  await writer.abort();
  assert.deepEqual(ends, ['abort']);
  assert.equal(objects.size, 0);
  assert.equal(context.slots.free(), 1);
  assert.equal(writer.write(bytesOf(PART)), true, 'what still comes is dropped');
});

test('a part that fails is told once, and the end says so, too', async (t) => {
  const { ends, parts, partsCame, startWriter } = await open(t);
  const writer = startWriter();
  writer.write(bytesOf(2 * PART));
  await partsCame(2);
  for (const part of parts) part.answer(FAILED);
  await writer.event('failed');
  await assert.rejects(writer.commit(), { name: 'InternalError' });
  await writer.abort();
  assert.deepEqual(
    writer.happened.filter((one) => one === 'failed'),
    ['failed'],
  );
  assert.deepEqual(ends, ['abort']);
});

test('without a permit nothing large is sent, and nothing at all becomes visible', async (t) => {
  const { context, requests, startWriter } = await open(t);
  const refuse = () => Promise.reject(new RangeError('sealed'));
  const small = startWriter('small', refuse);
  small.write(bytesOf(10));
  await assert.rejects(small.commit(), RangeError);
  const large = startWriter('large', refuse);
  assert.equal(large.write(bytesOf(2 * PART)), false);
  await large.event('failed');
  await assert.rejects(large.commit(), RangeError);
  assert.deepEqual(requests, []);
  assert.equal(context.slots.free(), 1);
});
