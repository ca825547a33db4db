import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { test } from 'node:test';
import type { UploadForm } from '@sluice/contract';
import { HOUR } from '../../../packages/server/src/domain/instant.ts';
import { bytesOf } from '../../../testing/objects/bytes.ts';
import { startFaultyProxy } from '../../../testing/objects/faulty-proxy.ts';
import { services } from '../../../testing/production/services.ts';
import { openStore } from './open-store.ts';

const MIB = 1024 ** 2;
const CHUNK = bytesOf(64 * 1024);

/** So many bytes, the same chunk over and over, as fast as they are taken. */
async function* chunksOf(bytes: number): AsyncGenerator<Buffer> {
  for (let left = bytes; left > 0; left -= CHUNK.length)
    yield CHUNK.subarray(0, Math.min(left, CHUNK.length));
}

const md5Of = async (chunks: AsyncIterable<Uint8Array>): Promise<string> => {
  const hash = createHash('md5');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
};

/** How much the buffers of this process grew at their highest while `work` ran, in MiB. */
const peakOf = async (work: () => Promise<unknown>): Promise<number> => {
  const before = process.memoryUsage().arrayBuffers;
  let peak = 0;
  const sampling = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
  }, 5);
  try {
    await work();
  } finally {
    clearInterval(sampling);
  }
  return peak / MIB;
};

/** Posts a file that is never whole in memory. */
const postStream = (form: UploadForm, filename: string, bytes: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const boundary = 'sluice-streams';
    const fields = Object.entries(form.fields).map(
      ([name, value]) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const head = `${fields.join('')}--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${filename}"\r\n\r\n`;
    const tail = `\r\n--${boundary}--\r\n`;
    const request = httpRequest(
      form.url,
      {
        method: 'POST',
        headers: {
          'content-type': `multipart/form-data; boundary=${boundary}`,
          'content-length': head.length + bytes + tail.length,
        },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      },
    );
    request.on('error', reject);
    const send = async (): Promise<void> => {
      request.write(head);
      for await (const chunk of chunksOf(bytes)) {
        if (!request.write(chunk)) await new Promise((drained) => request.once('drain', drained));
      }
      request.end(tail);
    };
    send().catch(reject);
  });

for (const service of services().stores) {
  const { name } = service;

  test(`${name}: 256 MiB are put and read with flat memory`, async (t) => {
    const { store } = await openStore(t, service);
    const size = 256 * MIB;
    const putting = await peakOf(() => store.put('large', chunksOf(size)));
    let read = '';
    const reading = await peakOf(async () => {
      read = await md5Of((await store.read('large')) ?? chunksOf(0));
    });
    assert.equal(read, await md5Of(chunksOf(size)));
    t.diagnostic(`buffers grew by ${putting.toFixed(1)} MiB putting, ${reading.toFixed(1)} MiB reading`);
    // What is in use is 15 MiB of parts; the rest is waiting for the garbage collector.
    assert.ok(putting < 128 && reading < 128, `${putting}, ${reading}`);
  });

  test(`${name}, relay: MPF.11: large uploads side by side stay within their slots' memory`, async (t) => {
    // A store that is slower than its senders.
    const proxy = await startFaultyProxy(service.endpoint, { latencyMs: 50 });
    t.after(() => proxy.close());
    const { store, forms, clock } = await openStore(t, service, { endpoint: proxy.url });
    const form = await forms.createUploadForm({ prefix: 'o/w/s/', expiresAt: clock() + HOUR });
    const size = 40 * MIB;
    const uploads = 20;
    const grew = await peakOf(async () => {
      const statuses = await Promise.all(
        Array.from({ length: uploads }, (_, at) => postStream(form, `large-${at}`, size)),
      );
      assert.deepEqual(new Set(statuses), new Set([204]));
    });
    const listed = await store.list('o/w/s/', { limit: 100 });
    assert.deepEqual(
      listed.map((object) => object.size),
      Array(uploads).fill(size),
    );
    t.diagnostic(`buffers grew by ${grew.toFixed(1)} MiB for ${(uploads * size) / MIB} MiB`);
    // 12 slots of 3 parts of 5 MiB, what Node and the proxy hold on the way, and garbage.
    assert.ok(grew < 400, `${grew}`);
  });
}
