import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, rm, rmdir, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { readReport } from '../../packages/cli/src/report/report-writer.ts';
import { startHaltingStore } from '../../testing/server/halting-store.ts';
import { emptyFolder, jsonLines, startSluiceCommand } from '../../testing/terminal/run-sluice.ts';

const FILES = 12;
const LET_THROUGH = 5;

const store = await startHaltingStore();
const { client, env } = store;
const documents = await emptyFolder();
for (let index = 0; index < FILES; index++) {
  await writeFile(join(documents, `page ${index}.txt`), `${index}`);
}
await writeFile(join(documents, 'page 0.txt.meta.json'), '{"page":0}');

let workspace = '';
let number = 0;
beforeEach(async () => {
  workspace = `again ${number++}`;
  await client.workspaces.create(workspace);
  store.letThrough(Number.POSITIVE_INFINITY);
});

const start = (...args: string[]) => startSluiceCommand([...args, '--workspace-name', workspace], env);

/** Starts an upload, one file at a time, and resolves when some files are through and the next one waits. */
const startAndHalt = async (...args: string[]) => {
  store.letThrough(LET_THROUGH);
  const halted = store.halted();
  const started = start('upload', documents, '--concurrency', '1', ...args);
  await halted;
  store.letThrough(Number.POSITIVE_INFINITY);
  return started;
};

const namesThere = async () => {
  const names: string[] = [];
  for await (const { name } of client.files.listAll(workspace)) names.push(name);
  return names.sort();
};
const ALL = Array.from({ length: FILES }, (_, index) => `page ${index}.txt`).sort();

const statuses = async (report: string) => {
  const counted: Record<string, number> = {};
  for (const { status } of (await readReport(report)).rows) counted[status] = (counted[status] ?? 0) + 1;
  return counted;
};

for (const end of ['csv', 'ndjson']) {
  test(`CLI.3: killed in the middle, the .${end} report is enough to send what is missing, and nothing twice`, async () => {
    const report = join(await emptyFolder(), `report.${end}`);
    const { child, ended } = await startAndHalt('--report', report);
    child.kill('SIGKILL');
    await ended;
    assert.deepEqual(await statuses(report), { not_sent: FILES });

    const again = await start('upload', '--from-report', report).ended;
    assert.equal(again.stderr, '');
    assert.match(again.stdout, /takes what the one before does not have\.\n12 finished\.\n$/);
    assert.equal(again.code, 0);
    assert.deepEqual(await namesThere(), ALL);
    assert.deepEqual(await statuses(report), { finished: FILES });
    const [, meta] = await Promise.all([namesThere(), client.files.list(workspace, { filter: 'page eq 0' })]);
    assert.equal(meta.total, 1, 'the sidecar came along');

    const nothing = await start('upload', '--from-report', report).ended;
    assert.deepEqual([nothing.code, nothing.stdout], [0, 'There is nothing to upload.\n']);
    assert.deepEqual(await statuses(report), { finished: FILES });
  });
}

test('CLI.2: interrupted once it says how to go on, and that works', async () => {
  const report = join(await emptyFolder(), 'report.ndjson');
  const { child, ended } = await startAndHalt('--report', report, '--write-mode', 'FAIL');
  child.kill('SIGINT');
  const { code, stderr } = await ended;
  assert.equal(code, 130);
  assert.match(stderr, /^sluice: Interrupted while sending\.\nsluice: Session \S+ is open with \d files: /);
  assert.ok(stderr.endsWith(`\nsluice: To go on: sluice upload --from-report ${report}\n`));
  const { pending = 0, skipped = 0 } = await statuses(report);
  assert.ok(pending > 0 && skipped > 0 && pending + skipped === FILES);

  const again = await start('upload', '--from-report', report, '--json').ended;
  assert.equal(again.code, 0, 'write mode FAIL still holds, and no file is in its own way');
  assert.equal(jsonLines(again)[0].finished, FILES);
  assert.deepEqual(await namesThere(), ALL);
  assert.ok((await readReport(report)).rows.every(({ write_mode }) => write_mode === 'FAIL'));
});

test('CLI.2: without a report the same command goes on with --resume', async () => {
  const { child, ended } = await startAndHalt();
  child.kill('SIGTERM');
  const [, id = ''] = /with --resume (\S+)\n$/.exec((await ended).stderr) ?? [];
  const again = await start('upload', documents, '--resume', id).ended;
  assert.match(again.stdout, new RegExp(`^Waiting for session ${id}, to see what is missing\\.\n`));
  assert.match(again.stdout, /\n12 finished\.\n$/);
  assert.equal(again.code, 0);
  assert.deepEqual(await namesThere(), ALL);
});

test('CLI.2: of several sessions all are named, and none of their files is sent again', async () => {
  const names = ALL.slice(0, 3);
  const first = await client.uploadFiles(
    workspace,
    names.map((name) => ({ name, body: { path: join(documents, name) } })),
  );
  const { child, ended } = await startAndHalt('--resume', first.sessionId ?? '');
  child.kill('SIGINT');
  const { stderr } = await ended;
  const [, both = ''] = /the same command with (--resume \S+ --resume \S+)\n$/.exec(stderr) ?? [];
  assert.ok(both.includes(first.sessionId ?? 'none'), stderr);

  const again = await start('upload', documents, ...both.split(' '), '--json').ended;
  assert.equal(again.code, 0);
  const [{ session_ids, finished, interrupted }] = jsonLines(again);
  assert.deepEqual([session_ids.length, finished, interrupted], [3, FILES, null]);
  assert.deepEqual(await namesThere(), ALL);
});

test('a report that cannot be written hides neither results nor how to go on', async () => {
  const report = join(await emptyFolder(), 'report.csv');
  const ending = await startAndHalt('--report', report);
  await mkdir(`${report}.new`); // where it is written before it takes its place
  store.release();
  const { code, stdout, stderr } = await ending.ended;
  assert.match(stdout, /\n12 finished\.\n$/);
  assert.match(stderr, /^sluice: The report could not be written: EISDIR[^\n]*\n$/);
  assert.equal(code, 1);

  await rmdir(`${report}.new`);
  const { child, ended } = await startAndHalt('--report', report);
  await mkdir(`${report}.new`);
  child.kill('SIGINT');
  const interrupted = await ended;
  assert.match(
    interrupted.stderr,
    /^sluice: Interrupted while sending\.\nsluice: Session (\S+) is open [^\n]*\nsluice: The report could not be written: EISDIR[^\n]*\nsluice: To go on: the same command with --resume \1\n$/,
  );
  assert.equal(interrupted.code, 130);
});

/** A service that opens sessions, and then answers nothing any more. */
const startSilentService = async () => {
  const service = http.createServer((request, response) => {
    request.resume();
    if (request.method !== 'POST' || !request.url?.endsWith('/upload_sessions')) {
      return void service.emit('silent');
    }
    const { port } = service.address() as AddressInfo;
    const form = { url: `http://127.0.0.1:${port}/form`, fields: { key: '${filename}' } };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ session_id: 'silent', aws_prefixed_request_config: form }));
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  after(() => {
    service.closeAllConnections();
    service.close();
  });
  return { service, url: `http://127.0.0.1:${(service.address() as AddressInfo).port}` };
};

test('CLI.2: asked a second time, by whichever signal, it ends at once, whatever is still waited for', async () => {
  const { service, url } = await startSilentService();
  const { child, ended } = startSluiceCommand(['upload', documents], { API_URL: url, API_KEY: 'api_x' });
  await once(service, 'silent');
  const exited = once(child, 'exit');
  const asked = once(service, 'silent'); // for the state of the session, after the first one
  child.kill('SIGINT');
  await once(child.stderr, 'readable');
  await asked;
  child.kill('SIGTERM');
  assert.deepEqual(await exited, [null, 'SIGTERM']);
  assert.equal((await ended).stderr, 'sluice: Interrupted while sending.\n');
});

test('an earlier session that does not get through is waited for no longer than --timeout-s', async () => {
  const service = http.createServer((request, response) => {
    request.resume();
    response.setHeader('content-type', 'application/json');
    if (request.method === 'PUT') return void response.writeHead(204).end();
    const rows = { data: [{ name: 'page 1.txt', ingestion_status: 'PENDING' }], total: 1, has_more: false };
    const status = { session_id: 'slow', ingestion_status: { finished_files: 0, failed_files: 0 } };
    response.end(JSON.stringify(request.url?.includes('/files') ? rows : status));
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  after(() => service.close());
  const args = ['upload', documents, '--resume', 'slow', '--resume', 'later', '--timeout-s', '1'];
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  const { code, stderr } = await startSluiceCommand(args, { API_URL: url, API_KEY: 'api_x' }).ended;
  assert.match(stderr, /^sluice: [^\n]*not through in time/);
  assert.equal(code, 4);
});

test('only what failed is sent again, and the report says the rest as before', async () => {
  const report = join(await emptyFolder(), 'report.csv');
  const folder = await emptyFolder();
  for (const name of ['good.txt', 'bad.txt']) await writeFile(join(folder, name), 'x');
  await writeFile(join(folder, 'bad.txt.meta.json'), '{');
  assert.equal((await start('upload', folder, '--report', report).ended).code, 1);
  const before = await readReport(report);
  assert.deepEqual(
    before.rows.map(({ name, status, reason }) => [name, status, reason]),
    [
      ['bad.txt', 'failed', 'FAILED_TO_PARSE_META'],
      ['good.txt', 'finished', null],
    ],
  );

  await writeFile(join(folder, 'bad.txt.meta.json'), '{"mended":true}');
  const planned = await start('upload', '--from-report', report, '--dry-run', '--json').ended;
  assert.deepEqual(
    jsonLines(planned)[0].files.map(({ name }: { name: string }) => name),
    ['bad.txt'],
  );
  const other = join(folder, 'other.ndjson');
  const again = await start('upload', '--from-report', report, '--report', other).ended;
  assert.match(again.stdout, / takes 1 file, \S+ \S+\.\n1 finished\.\n$/);
  assert.deepEqual(await statuses(other), { finished: 2 });
  assert.deepEqual(await readReport(report), before);
  assert.deepEqual(await namesThere(), ['bad.txt', 'good.txt']);
});

test('a file that went meanwhile is told of, and the others are sent', async () => {
  const report = join(await emptyFolder(), 'report.csv');
  const folder = await emptyFolder();
  for (const name of ['a.txt', 'b.txt']) await writeFile(join(folder, name), '');
  assert.equal((await start('upload', folder, '--report', report).ended).code, 1);
  await rm(join(folder, 'a.txt'));
  await writeFile(join(folder, 'b.txt'), 'b');
  const { code, stdout } = await start('upload', '--from-report', report).ended;
  assert.match(stdout, /^skipped +a\.txt +UNREADABLE +It does not exist\.$/m);
  assert.match(stdout, /\n1 finished, 1 skipped\.\n$/);
  assert.equal(code, 1);
});
