import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openFile } from '../../src/node/file-content.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-client-'));
});
after(() => rm(folder, { recursive: true }));

const write = async (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};

/** A piece holds until the next is asked for. */
const read = async (chunks: AsyncIterable<Uint8Array>) =>
  Buffer.concat(await Array.fromAsync(chunks, (chunk) => Uint8Array.from(chunk)));

test('a file is read whole or in pieces, as often as wanted', async () => {
  const bytes = Buffer.from(Array.from({ length: 700_000 }, (_, index) => index % 253));
  const content = await openFile(await write('large.bin', bytes));
  assert.equal(content.size, bytes.length);
  for (let time = 0; time < 2; time++) {
    assert.deepEqual(Buffer.from(await content.whole()), bytes);
    assert.deepEqual(await read(content.chunks()), bytes);
  }
});

test('an empty file is a file', async () => {
  const content = await openFile(await write('empty.txt', ''));
  assert.equal(content.size, 0);
  assert.equal((await content.whole()).length, 0);
  assert.equal((await read(content.chunks())).length, 0);
});

const CHANGES: [title: string, change: (path: string) => Promise<void>, message: RegExp][] = [
  ['has grown', (path) => appendFile(path, 'more'), /changed/],
  ['has shrunk', (path) => truncate(path, 3), /changed/],
  ['is gone', (path) => rm(path), /does not exist/],
];

test('CNT.3: a file written anew with as many bytes is not sent', async () => {
  const path = await write('rewritten.txt', 'ten bytes!');
  await utimes(path, 1_000_000, 1_000_000);
  const content = await openFile(path);
  await writeFile(path, 'TEN BYTES!');
  await assert.rejects(content.whole(), { name: 'UnreadableContent', message: /changed/ });
  await assert.rejects(read(content.chunks()), { name: 'UnreadableContent', message: /changed/ });
});

test('CNT.3: a file that grows while it is read is not sent', async () => {
  const path = await write('growing.txt', new Uint8Array(600_000));
  const content = await openFile(path);
  const growing = async () => {
    for await (const _ of content.chunks()) await appendFile(path, 'more');
  };
  await assert.rejects(growing, { name: 'UnreadableContent', message: /changed/ });
});

for (const [title, change, message] of CHANGES) {
  test(`CNT.3: a file that ${title} since it was planned is not sent`, async () => {
    const path = await write(`${title}.txt`, 'ten bytes!');
    const content = await openFile(path);
    await change(path);
    await assert.rejects(content.whole(), { name: 'UnreadableContent', message });
    await assert.rejects(read(content.chunks()), { name: 'UnreadableContent', message });
  });
}

test('what is no file, or not there, is known when it is opened', async () => {
  const path = join(folder, 'folder');
  await mkdir(path);
  await assert.rejects(openFile(path), { name: 'UnreadableContent', message: 'It is no file.' });
  await assert.rejects(openFile(join(folder, 'missing')), {
    name: 'UnreadableContent',
    message: 'It does not exist.',
  });
  await assert.rejects(openFile('a\0b'), { name: 'UnreadableContent' });
});
