import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openContent, type UploadBody } from '../../../src/upload/planning/content.ts';
import { planUpload } from '../../../src/upload/planning/plan-upload.ts';

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

test('a character that is cut between two pieces is sent whole', async () => {
  const cut = ['a\ud83d', '\ude00', 'b', '\ud83d', '', '\ude00'];
  const content = await openContent(pieces(...cut));
  assert.equal(new TextDecoder().decode(await content.whole()), 'a😀b😀');
  const opened = await openContent({ size: 10, open: () => pieces(...cut) });
  assert.equal(Buffer.concat(await Array.fromAsync(opened.chunks())).toString(), 'a😀b😀');
});

/** What a caller without types may give as a body. Each would else be sent as something else, or as nothing. */
// biome-ignore lint/suspicious/noExplicitAny: what the types forbid is what is tried
const NO_BODIES: [body: any, message: RegExp][] = [
  [undefined, /^Its body must be a text, .*; it is undefined\.$/],
  [null, /it is null\.$/],
  [5, /it is 5\.$/],
  [{}, /it is an Object\.$/],
  [['a', 'b'], /it is an Array\.$/],
  [new Map(), /it is a Map\.$/],
  [new ArrayBuffer(2), /it is an ArrayBuffer\.$/],
  [new Float32Array(2), /it is a Float32Array\.$/],
  [{ path: 5 }, /it is an Object\.$/],
  ['half \ud83d', /^Its text holds half of a surrogate pair/],
  [pieces('half \ud83d'), /^Its text holds half of a surrogate pair/],
  [pieces('half \ud83d', new Uint8Array(1)), /^Its text holds half of a surrogate pair/],
  [pieces('\ude00'), /^Its text holds half of a surrogate pair/],
  [pieces({ row: 1 } as never), /^Its pieces must be texts or Uint8Arrays; one is an Object\.$/],
  [pieces(new Uint16Array(2) as never), /one is a Uint16Array\.$/],
  [pieces(null as never), /one is null\.$/],
  [{ size: 3 }, /it is an Object\.$/],
  [{ size: Number.NaN, open: () => pieces('a') }, /^Its size must be a whole number of bytes; it is NaN\.$/],
  [{ size: -1, open: () => pieces('a') }, /^Its size must be a whole number of bytes; it is -1\.$/],
  [{ size: 1, open: 'a' }, /^Its open must be a function; it is a string\.$/],
];

test('what is no content is the result of its input, and not the end of the upload', async () => {
  const inputs = [...NO_BODIES.map(([body], at) => ({ name: `${at}`, body })), { name: 'good', body: '' }];
  const plan = await planUpload(inputs, { openPath: async () => assert.fail('it is no path') });
  assert.deepEqual(
    plan.files.map(({ name }) => name),
    ['good'],
  );
  for (const { input, code, message } of plan.problems) {
    assert.equal(code, 'UNREADABLE');
    assert.match(message, NO_BODIES[input]?.[1] ?? /^none$/);
  }
  assert.equal(plan.problems.length, NO_BODIES.length);
});

test('a name that is no text is the result of its input', async () => {
  // biome-ignore lint/suspicious/noExplicitAny: what the types forbid is what is tried
  const names: any[] = [undefined, null, 5, {}, Symbol('s'), ['a']];
  const plan = await planUpload(
    [...names, 'good'].map((name) => ({ name, body: 'a' })),
    {
      openPath: async () => assert.fail('it is no path'),
    },
  );
  assert.deepEqual(
    plan.problems.map(({ code, message }) => [code, message.startsWith('Its name must be a text; it is ')]),
    names.map(() => ['BAD_NAME', true]),
  );
  assert.equal(plan.files.length, 1);
});
