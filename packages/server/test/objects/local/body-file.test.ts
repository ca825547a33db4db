import assert from 'node:assert/strict';
import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { bytesOf, md5 } from '../../../../../testing/objects/bytes.ts';
import { createBodyFile } from '../../../src/objects/local/body-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const start = async (t: TestContext, temporary = 'temporary') => {
  const directory = await temporaryFolder(t);
  const folder = await open(directory);
  t.after(() => folder.close());
  let wake = () => {};
  const failures: unknown[] = [];
  const paths = { temporary: join(directory, temporary), final: join(directory, 'final') };
  const file = createBodyFile(paths, folder, {
    drained: () => wake(),
    failed: (error) => {
      failures.push(error);
      wake();
    },
  });
  const woken = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  return { directory, file, failures, woken };
};

test('a body is on disk under its final name, byte for byte, however it came', async (t) => {
  for (const [size, piece] of [
    [1_000_000, 70_000],
    [30_000, 1],
    [0, 1],
  ] as const) {
    const { directory, file, woken } = await start(t);
    const body = bytesOf(size);
    for (let at = 0; at < size; at += piece) {
      const drained = woken();
      if (!file.write(body.subarray(at, at + piece))) await drained;
    }
    assert.equal(await file.finish(), md5(body));
    assert.deepEqual(await readdir(directory), ['final']);
    assert.deepEqual(await readFile(join(directory, 'final')), body);
  }
});

test('MPF.11: who writes faster than the disk is asked to pause, whatever the size of the pieces', async (t) => {
  for (const piece of [64 * 1024, 1]) {
    const { file, woken } = await start(t);
    const drained = woken();
    let pieces = 1;
    while (file.write(Buffer.alloc(piece))) pieces++;
    assert.ok(pieces * piece <= 1024 * 1024, 'bytes that wait');
    assert.ok(pieces <= 10_000, 'pieces that wait');
    await drained;
    assert.equal(file.write(Buffer.alloc(piece)), true);
    await file.finish();
  }
});

test('a body that is given up leaves nothing, at whatever moment', async (t) => {
  for (const before of [0, 1, 2, 5]) {
    const { directory, file, failures } = await start(t);
    file.write(bytesOf(300_000));
    for (let turn = 0; turn < before; turn++) await new Promise((resolve) => setImmediate(resolve));
    file.abort();
    file.abort();
    while ((await readdir(directory)).length > 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(failures, []);
  }
});

test('LIF.8: a disk that refuses is told once, and finishing fails with what it said', async (t) => {
  const { directory, file, failures, woken } = await start(t, 'no/such/folder');
  const told = woken();
  file.write(bytesOf(1000));
  await told;
  assert.equal(file.write(bytesOf(1000)), true);
  await assert.rejects(file.finish(), { code: 'ENOENT' });
  assert.equal(failures.length, 1);
  assert.deepEqual(await readdir(directory), []);
});

test('LIF.8: a rename that fails leaves nothing', async (t) => {
  const { directory, file, failures } = await start(t);
  await mkdir(join(directory, 'final', 'in the way'), { recursive: true });
  file.write(bytesOf(1000));
  await assert.rejects(file.finish());
  assert.deepEqual(failures, []);
  assert.deepEqual(await readdir(directory), ['final']);
});
