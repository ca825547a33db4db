import assert from 'node:assert/strict';
import { readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { emptyFolder } from '../../../../testing/terminal/run-sluice.ts';
import type { ReportRow } from '../../src/report/report-row.ts';
import { openReport, readReport } from '../../src/report/report-writer.ts';

const row = (path: string, changes: Partial<ReportRow> = {}): ReportRow => ({
  ...{
    name: `"${path}", 1\n`,
    status: 'not_sent',
    reason: null,
    message: null,
    file_id: null,
    size: 5,
    path,
  },
  sidecar_path: null,
  session_id: 's-1',
  workspace_name: 'w w',
  write_mode: 'FAIL',
  ...changes,
});

for (const end of ['csv', 'ndjson', 'jsonl', 'CSV']) {
  test(`CLI.3: a report as .${end} is whole after every step`, async () => {
    const folder = await emptyFolder();
    const path = join(folder, `report.${end}`);
    const report = await openReport(path);
    assert.deepEqual(await readdir(folder), [], 'nothing is there before there is something to say');

    await report.add([row('a'), row('b')]);
    assert.deepEqual(await readReport(path), { rows: [row('a'), row('b')], sessionIds: ['s-1'] });
    await report.add([row('b', { status: 'finished', file_id: 'f', session_id: 's-2' })]);
    const { rows, sessionIds } = await readReport(path);
    assert.deepEqual(
      rows.map(({ status }) => status),
      ['not_sent', 'finished'],
    );
    assert.deepEqual(sessionIds, ['s-1', 's-2']);

    const cut = (await readFile(path)).subarray(0, -9);
    await writeFile(path, cut);
    assert.deepEqual(await readReport(path), { rows: [row('a'), row('b')], sessionIds: ['s-1'] });

    const ended = [row('a', { status: 'failed', reason: 'EMPTY_FILE', message: 'It, "is".', size: null })];
    await report.finish(ended);
    assert.deepEqual(await readReport(path), { rows: ended, sessionIds: ['s-1'] });
    assert.deepEqual(await readdir(folder), [`report.${end}`]);
  });
}

test('one file under two names is two rows', async () => {
  const path = join(await emptyFolder(), 'report.csv');
  const rows = [row('a', { name: 'a.txt' }), row('a', { name: 'below/a.txt' })];
  await (await openReport(path)).finish(rows);
  assert.deepEqual((await readReport(path)).rows, rows);
});

test('a report that is there stays until the next one has something to say', async () => {
  const path = join(await emptyFolder(), 'report.csv');
  await (await openReport(path)).finish([row('a')]);
  await openReport(path);
  assert.equal((await readReport(path)).rows.length, 1);
});

const NO_REPORTS: [title: string, name: string, text: string, said: RegExp][] = [
  ['another CSV', 'x.csv', 'name,size\na,5\n', /is no report of an upload \(row 1: a column is missing/],
  ['no JSON', 'x.ndjson', '{"name":\n', /is no report of an upload \(row 0: /],
  ['a state there is not', 'x.ndjson', `${JSON.stringify({ ...row('a'), status: 'gone' })}\n`, /\(row 1: /],
];

for (const [title, name, text, said] of NO_REPORTS) {
  test(`${title} is told in a sentence`, async () => {
    const path = join(await emptyFolder(), name);
    await writeFile(path, text);
    await assert.rejects(readReport(path), { name: 'UsageError', message: said });
  });
}

test('a folder that is not there, or another kind of file, is told before anything is sent', async () => {
  await assert.rejects(openReport('/nowhere/report.csv'), {
    name: 'UsageError',
    message: /cannot be written/,
  });
  await assert.rejects(openReport('/nowhere/report.xlsx'), { name: 'UsageError', message: /ends in/ });
});

test('a link where the report is made is not written through', async () => {
  const [folder, elsewhere] = [await emptyFolder(), await emptyFolder()];
  const [path, precious] = [join(folder, 'report.csv'), join(elsewhere, 'precious')];
  await writeFile(precious, 'mine');
  await symlink(precious, `${path}.new`);
  await symlink(precious, path);
  const report = await openReport(path);
  await symlink(precious, `${path}.new`);
  await report.add([row('a')]);
  await report.add([row('b')]);
  assert.equal((await readReport(path)).rows.length, 2);
  await rename(path, join(elsewhere, 'moved'));
  await symlink(precious, path);
  await assert.rejects(report.add([row('c')]), { code: 'ELOOP' });
  assert.equal(await readFile(precious, 'utf8'), 'mine');
  assert.deepEqual((await readdir(elsewhere)).sort(), ['moved', 'precious']);
});
