import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { API_KEY, startHarness, temporaryFolder } from '../../testing/server/harness.ts';

const DYING_SERVER = fileURLToPath(new URL('./dying-server.ts', import.meta.url));
const FILES = 10;

/**
 * Which call of which port's method the process dies at. The first write is that of the close. Between the end of one
 * change and the begin of the next nothing happens that lasts, so one moment stands for all of that time.
 */
const MOMENTS: [string, string, 'before' | 'after', number][] = [
  ['store', 'write', 'before', 1],
  ['store', 'write', 'after', 1],
  ['objects', 'seal', 'after', 1],
  ['store', 'write', 'after', 2],
  ['store', 'write', 'after', 3],
  ['store', 'write', 'after', 4],
  ['objects', 'move', 'after', 1],
  ['store', 'write', 'after', 5],
  ['objects', 'delete', 'after', 1],
  ['store', 'write', 'after', 6],
];

test('LIF.7: killed at any step of an ingestion, it ends with every file once', {
  concurrency: 2,
}, async (t) => {
  const folder = await temporaryFolder(t);
  const before = await startHarness(t, { directory: folder });
  await before.uploadFile('0.txt', 'content of an earlier file', { old: true });
  await before.close();
  let died = 0;
  await Promise.all(
    MOMENTS.map(([port, method, moment, nth]) =>
      t.test(`${moment} call ${nth} of ${port}.${method}`, async (t) => {
        const directory = await temporaryFolder(t);
        await cp(folder, directory, { recursive: true });
        const { output, signal } = await run([
          directory,
          API_KEY,
          port,
          method,
          moment,
          String(nth),
          String(FILES),
        ]);
        if (signal === 'SIGKILL') died += 1;
        const [id] = output.split('\n') as [string];

        const h = await startHarness(t, { directory });
        const status = await h.ws('GET', `/upload_sessions/${id}`);
        if (status.body.status === 'OPEN') await h.ws('PUT', `/upload_sessions/${id}`, {}); // it died before the close was acknowledged
        await h.drain();
        const done = (await h.ws('GET', `/upload_sessions/${id}`)).body;
        assert.deepEqual(
          [done.total_files, done.ingestion_status],
          [FILES, { finished_files: FILES, failed_files: 0 }],
        );
        assert.notEqual(done.ingested_at, null);
        const { data, total } = (await h.ws('GET', '/files?limit=100&field=name')).body;
        assert.equal(total, FILES);
        assert.equal(new Set(data.map((file: { name: string }) => file.name)).size, FILES);
        for (const file of data.slice(0, 3)) {
          const n = Number.parseInt(file.name, 10);
          assert.deepEqual(file.meta, { n });
          assert.equal((await h.ws('GET', `/files/${file.file_id}`)).body, `content ${n}`);
        }
        assert.equal(
          (await h.server.objects.list('', { limit: 1000 })).length,
          FILES,
          'no object without a row',
        );
      }),
    ),
  );
  assert.equal(died, MOMENTS.length, 'each of them did die');
});

const run = (args: string[]) =>
  new Promise<{ output: string; signal: string | null }>((resolve) => {
    execFile(process.execPath, [DYING_SERVER, ...args], (error, stdout, stderr) => {
      if (stderr) process.stderr.write(stderr);
      resolve({ output: stdout, signal: (error?.signal as string | undefined) ?? null });
    });
  });
