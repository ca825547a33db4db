import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { bytesOf, inChunks, readAll } from '../../../../../testing/objects/bytes.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openStore } from './open-store.ts';

const WORKER = new URL('../../../src/objects/local/writing/worker.ts', import.meta.url);

const openWithThread = async (t: TestContext) => {
  const directory = await temporaryFolder(t);
  const threads: Worker[] = [];
  const failures: unknown[] = [];
  let script: URL | string = WORKER;
  const store = await openStore(t, directory, {
    onWriterFailure: (error) => failures.push(error),
    startThread: (workerData) => {
      const thread = new Worker(script as URL, { workerData, eval: typeof script === 'string' });
      threads.push(thread);
      return thread;
    },
  });
  return {
    directory,
    store,
    failures,
    kill: () => threads.at(-1)?.terminate(),
    failToStart: (fails: boolean) => {
      script = fails ? 'throw new Error("no")' : WORKER;
    },
    put: (key: string, size: number, seed = 1) => store.put(key, inChunks(bytesOf(size, seed), 50_000)),
    /** Resolves once the store works again. */
    recovered: async () => {
      while (
        await store.ping().then(
          () => false,
          () => true,
        )
      )
        await new Promise((resolve) => setImmediate(resolve));
    },
  };
};

test('if the thread that writes dies, uploads fail clearly and a new thread takes over', async (t) => {
  const { directory, store, failures, kill, put, recovered } = await openWithThread(t);
  await put('before', 10);
  for (let round = 0; round < 3; round++) {
    const uploads = Array.from({ length: 30 }, (_, at) =>
      put(`${round}/${at}`, at % 5 === 0 ? 200_000 : 1000, at),
    );
    await Promise.race(uploads);
    await kill();
    const settled = await Promise.allSettled(uploads);
    for (const result of settled) {
      if (result.status === 'rejected') assert.equal(result.reason.code, 'STORAGE_UNAVAILABLE');
    }
    await recovered();
    for (const [at, result] of settled.entries()) {
      const body = await readAll(await store.read(`${round}/${at}`));
      // One that was refused may have been committed just before; then it is whole.
      if (result.status === 'fulfilled' || body !== undefined) {
        assert.deepEqual(body, bytesOf(at % 5 === 0 ? 200_000 : 1000, at));
      }
    }
  }
  assert.equal(failures.length, 3, 'each death is told');
  await store.close();
  const again = await openStore(t, directory);
  const large = (await again.list('', { limit: 1000 })).filter(({ size }) => size === 200_000);
  assert.equal((await readdir(join(directory, 'objects'))).length, large.length + 1);
});

test('while no thread can be started nobody waits, and closing works', async (t) => {
  const { store, kill, failToStart, put, recovered } = await openWithThread(t);
  failToStart(true);
  await kill();
  for (let at = 0; at < 3; at++) await assert.rejects(put('a', 10), { code: 'STORAGE_UNAVAILABLE' });
  await assert.rejects(put('a', 500_000), { code: 'STORAGE_UNAVAILABLE' });
  failToStart(false);
  await recovered();
  await put('a', 10);

  failToStart(true);
  await kill();
  await store.close();
});
