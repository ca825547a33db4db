import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bytesOf, readAll } from '../../../../../testing/objects/bytes.ts';
import type { LocalObjectStore } from '../../../src/objects/local/store.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openStore } from './open-store.ts';

const CHILD = fileURLToPath(new URL('./storing-child.ts', import.meta.url));

/** Runs the child until it has told so many lines, kills it on the spot, and gives back what it told. */
const runUntilKilled = async (t: TestContext, args: string[], lines: number): Promise<string[]> => {
  const child: ChildProcess = spawn(process.execPath, [CHILD, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  let told = '';
  child.stdout?.on('data', (chunk) => {
    told += chunk;
    if (told.split('\n').length > lines) child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.on('close', resolve));
  assert.ok(told.split('\n').length > lines, 'it ran until it was killed');
  return told.split('\n').slice(0, -1);
};

const assertWhole = async (store: LocalObjectStore, key: string): Promise<void> => {
  const [, seed, size] = /(\d+)-(\d+)$/.exec(key) ?? [];
  assert.deepEqual(await readAll(await store.read(key)), bytesOf(Number(size), Number(seed)), key);
};

test('LIF.7: after kill -9 what was acknowledged is there, whole, and nothing half done is', async (t) => {
  const directory = await temporaryFolder(t);
  const acknowledged: string[] = [];
  for (const [run, lines] of [20, 150, 300].entries()) {
    const told = await runUntilKilled(
      t,
      [directory, `run${run}`, '10', '5000', '0', '200000', '170000', '30'],
      lines,
    );
    assert.ok(
      told.every((line) => !line.startsWith('-')),
      told.find((line) => line.startsWith('-')) ?? '',
    );
    acknowledged.push(...told.filter((line) => line.startsWith('+')).map((line) => line.slice(1)));

    const store = await openStore(t, directory);
    const listed = (await store.list('', { limit: 10_000 })).map(({ key }) => key);
    const there = new Set(listed.map((key) => key.replace('/moved/', '/')));
    assert.equal(there.size, listed.length, 'nothing is under two keys');
    for (const key of acknowledged) assert.ok(there.has(key), `${key} was acknowledged`);
    for (const line of told.filter((one) => one.startsWith('>'))) {
      assert.ok(!listed.includes(line.slice(1)), `${line} was moved`);
    }
    for (const key of listed) await assertWhole(store, key);

    const large = listed.filter((key) => Number(/(\d+)$/.exec(key)?.[1]) > 128 * 1024);
    assert.deepEqual(await readdir(join(directory, 'objects', 'incoming')), []);
    assert.equal(
      (await readdir(join(directory, 'objects'))).length,
      large.length + 1,
      'no body without a row',
    );
    await store.close();
  }
});

test('LIF.7: what a crash left on disk goes at the next start, and only that', async (t) => {
  const directory = await temporaryFolder(t);
  const first = await openStore(t, directory);
  const large = bytesOf(200_000);
  await first.put(
    'kept',
    (async function* () {
      yield large;
    })(),
  );
  await first.close();
  await writeFile(join(directory, 'objects', 'f'.repeat(32)), 'renamed, and then the power went');
  await writeFile(join(directory, 'objects', 'incoming', 'e'.repeat(32)), 'half');

  const second = await openStore(t, directory);
  assert.equal((await readdir(join(directory, 'objects'))).length, 2);
  assert.deepEqual(await readdir(join(directory, 'objects', 'incoming')), []);
  assert.deepEqual(await readAll(await second.read('kept')), large);
});
