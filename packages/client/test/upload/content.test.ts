import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openContent, type UploadBody } from '../../src/upload/content.ts';
import { planUpload } from '../../src/upload/plan-upload.ts';

async function* pieces(...all: (string | Uint8Array)[]) {
  yield* all;
}

const TEXT = 'grün und ßo';
const bytes = new TextEncoder().encode(TEXT);

const BODIES: Record<string, () => Exclude<UploadBody, { path: string }>> = {
  text: () => TEXT,
  bytes: () => bytes,
  blob: () => new Blob([bytes]),
  'pieces of text': () => pieces('grün ', 'und ßo'),
  'pieces of bytes': () => pieces(bytes.slice(0, 3), bytes.slice(3)),
  stream: () => new Blob([bytes]).stream(),
  'something to open': () => ({ size: bytes.length, open: () => pieces(TEXT) }),
};

for (const [title, body] of Object.entries(BODIES)) {
  test(`${title} can be read whole and in pieces, more than once`, async () => {
    const content = await openContent(body());
    assert.equal(content.size, bytes.length);
    for (let time = 0; time < 2; time++) {
      assert.equal(new TextDecoder().decode(await content.whole()), TEXT);
      const read = Buffer.concat(await Array.fromAsync(content.chunks()));
      assert.equal(read.toString(), TEXT);
    }
  });
}

for (const said of [bytes.length - 1, bytes.length + 1]) {
  test(`CNT.3: what comes to ${bytes.length} bytes though ${said} were said is not sent`, async () => {
    const content = await openContent({ size: said, open: () => pieces(TEXT) });
    await assert.rejects(content.whole(), { name: 'UnreadableContent' });
    await assert.rejects(Array.fromAsync(content.chunks()), { name: 'UnreadableContent' });
  });
}

test('pieces that break off are an unreadable file, not the end of the upload', async () => {
  const broken = async function* () {
    yield 'a';
    throw new Error('gone');
  };
  await assert.rejects(openContent(broken()), { name: 'UnreadableContent' });
});

test('a stream of a part of a file is what it reads, not the file', async () => {
  const plan = await planUpload(
    [{ name: 'part', body: createReadStream(fileURLToPath(import.meta.url), { start: 7, end: 12 }) }],
    { openPath: async () => assert.fail('it is no path') },
  );
  const [part] = plan.files;
  assert.equal(new TextDecoder().decode(await part?.content.whole()), 'assert');
});
