import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createClient } from '@sluice/client/node';
import { freePort } from '../../../../testing/server/free-port.ts';
import { startSluice } from '../../../../testing/server/sluice-server.ts';
import {
  emptyFolder,
  jsonLines,
  sluiceFor,
  startSluiceCommand,
} from '../../../../testing/terminal/run-sluice.ts';

const DOCUMENTS = fileURLToPath(new URL('../../../../examples/documents', import.meta.url));

const server = await startSluice();
const client = createClient(server);
const sluice = sluiceFor(server);

test('a folder of documents: what did not finish has its line, and the code is 1', async () => {
  const { code, stdout, stderr } = await sluice(['upload', DOCUMENTS]);
  assert.match(stdout, /^skipped[^\n]*\nSession \S+ in workspace default takes 16 files, 61\.3 kB\.\n/);
  assert.match(stdout, /^failed +incident-log\.txt +0 B {2}EMPTY_FILE +The file has no content\.$/m);
  assert.match(stdout, /^skipped +lost-survey\.pdf\.meta\.json +ORPHAN_SIDECAR/m);
  assert.equal(stdout.match(/lost-survey/g)?.length, 1, 'it is told before the rest is sent, and once');
  assert.match(stdout, /^failed +winter-closure-2026\.txt +328 B {2}FAILED_TO_PARSE_META/m);
  assert.match(stdout, /\n14 finished, 2 failed, 1 skipped\.\n$/);
  assert.equal(
    stderr.replaceAll(/^sluice: \w+: .*\n/gm, ''),
    '',
    'but for its progress, where that takes seconds',
  );
  assert.equal(code, 1);
});

test('--json is one object, --use-type takes the sidecars along, quiet and dry runs keep to themselves', async () => {
  await client.workspaces.create('csv files');
  const typed = [DOCUMENTS, '--use-type', '.csv', '--workspace-name', 'csv files'];
  const planned = await sluice(['upload', ...typed, '--dry-run', '--json'], { API_KEY: '' });
  assert.equal(planned.code, 0);
  assert.equal((await client.uploadSessions.list('csv files')).total, 0);

  const done = await sluice(['upload', ...typed, '--json', '--write-mode', 'fail']);
  assert.equal(done.code, 0);
  const [upload] = jsonLines(done);
  assert.deepEqual([upload.settled, upload.finished, upload.failed], [true, 2, 0]);
  const [plan] = jsonLines(planned);
  for (const [index, { name, size, status, file_id }] of upload.results.entries()) {
    assert.deepEqual([plan.files[index].name, plan.files[index].size, status], [name, size, 'finished']);
    assert.ok(plan.files[index].sidecar_size > 0);
    assert.equal((await client.files.metadata('csv files', file_id)).language !== undefined, true);
  }

  const again = await sluice(['upload', ...typed, '--quiet', '--write-mode', 'FAIL']);
  assert.match(again.stdout, /^(failed {2}[^\n]*FILE_ALREADY_EXISTS[^\n]*\n){2}$/);
  assert.equal(again.code, 1);
  const quiet = await sluice(['upload', ...typed, '--quiet', '--write-mode', 'OVERWRITE']);
  assert.deepEqual(quiet, { code: 0, stdout: '', stderr: '' });
});

test('--no-blocking ends with 0 once the session is closed; sessions watch sees it through', async () => {
  const folder = await emptyFolder();
  await writeFile(join(folder, 'a.txt'), 'a');
  const { code, stdout } = await sluice(['upload', folder, '--no-blocking', '--enable-parallel-processing']);
  assert.equal(code, 0);
  assert.match(stdout, /\n1 pending\.\n$/);
  const [id] = /[0-9a-f-]{36}/.exec(stdout) ?? [];
  const watched = await sluice(['sessions', 'watch', id ?? '']);
  assert.match(watched.stdout, /CLOSED, ingested: 0 pending, 1 finished, 0 failed\n$/);
  assert.equal(watched.code, 0);
  const [row] = (await client.uploadSessions.list('default')).data;
  assert.deepEqual([row?.session_id, row?.parallel_processing_enabled], [id, true]);
});

test('whoever stops reading does not stop an upload, nor change how it ends', async () => {
  await client.workspaces.create('unread');
  const env = { API_URL: server.baseUrl, API_KEY: server.apiKey };
  const { child, ended } = startSluiceCommand(['upload', DOCUMENTS, '--workspace-name', 'unread'], env);
  child.stdout.destroy();
  child.stderr.destroy();
  assert.equal((await ended).code, 1, 'two of them fail');
  assert.equal((await client.files.list('unread')).total, 14);
});

test('nothing to upload opens no session and is no failure', async () => {
  const folder = await emptyFolder();
  await mkdir(join(folder, 'below'));
  await writeFile(join(folder, 'below', 'a.txt'), 'a');
  const before = (await client.uploadSessions.list('default')).total;
  const { code, stdout } = await sluice(['upload', folder, '--no-recursive']);
  assert.deepEqual([code, stdout], [0, 'There is nothing to upload.\n']);
  assert.equal((await client.uploadSessions.list('default')).total, before);
});

test('LIF.2: an eleventh session is refused, with what can be done', async () => {
  const { workspace_id } = await client.workspaces.create('crowded');
  assert.ok(workspace_id);
  const open = await Promise.all(Array.from({ length: 10 }, () => client.uploadSessions.create('crowded')));
  const { code, stderr } = await sluice(['upload', DOCUMENTS, '--workspace-name', 'crowded']);
  assert.match(stderr, /^sluice: .*\(406\)\. `sluice sessions list` .*\n$/);
  assert.equal(code, 3);
  for (const { session_id } of open) await client.uploadSessions.close('crowded', session_id);
});

test('CLI.2: interrupted, it says what it leaves behind, and ends with 130', async (t) => {
  // An object store that takes forms and never answers, so that the interruption always finds it sending.
  const store = http.createServer((request) => request.resume());
  await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
  after(() => {
    store.closeAllConnections();
    store.close();
  });
  const port = await freePort();
  const slow = await startSluice({
    SLUICE_PORT: `${port}`,
    SLUICE_PUBLIC_URL: `http://127.0.0.1:${(store.address() as AddressInfo).port}`,
  });
  const env = { API_URL: `http://127.0.0.1:${port}`, API_KEY: slow.apiKey };

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const { child, ended } = startSluiceCommand(['upload', DOCUMENTS, '--json'], env);
    await once(store, 'request');
    child.kill(signal);
    const { code, stdout, stderr } = await ended;
    const [id] = /[0-9a-f-]{36}/.exec(stderr) ?? [];
    await t.test(`by ${signal} while sending`, () => {
      const { session_id, interrupted, skipped, finished } = JSON.parse(stdout);
      assert.deepEqual([session_id, interrupted, finished], [id, 'sending', 0]);
      assert.ok(skipped > 0, 'what was not sent is among the results');
      assert.match(
        stderr,
        /^sluice: Interrupted while sending\.\nsluice: Session \S+ is open with 0 files: it takes uploads until [^\n]+\n[^\n]+\n$/,
      );
      assert.ok(stderr.includes(`sluice sessions close ${id} does so now.\n`));
      assert.ok(stderr.endsWith(`\nsluice: To go on: the same command with --resume ${id}\n`));
      assert.equal(code, 130);
    });

    if (signal === 'SIGTERM') continue;
    await t.test('while watching, until it is closed after all', async () => {
      const watch = startSluiceCommand(['sessions', 'watch', id ?? ''], env);
      await once(watch.child.stdout, 'data');
      watch.child.kill(signal);
      const watched = await watch.ended;
      assert.equal(watched.stdout, 'OPEN: 0 pending, 0 finished, 0 failed\n');
      assert.match(watched.stderr, /^sluice: Interrupted\.\nsluice: Session \S+ is open with 0 files/);
      assert.equal(watched.code, 130);
      assert.equal((await startSluiceCommand(['sessions', 'close', id ?? ''], env).ended).code, 0);
    });
  }
});
