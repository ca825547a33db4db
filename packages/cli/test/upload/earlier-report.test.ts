import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { emptyFolder } from '../../../../testing/terminal/run-sluice.ts';
import type { ReportRow } from '../../src/report/report-row.ts';
import { openReport } from '../../src/report/report-writer.ts';
import { earlierRun } from '../../src/upload/earlier-report.ts';
import { uploadTask } from '../../src/upload/upload-task.ts';

const row = (name: string, changes: Partial<ReportRow>): ReportRow => ({
  name,
  status: 'failed',
  reason: null,
  message: null,
  file_id: null,
  size: 1,
  path: `/there/${name}`,
  sidecar_path: null,
  session_id: 's',
  workspace_name: 'minutes',
  write_mode: 'OVERWRITE',
  ...changes,
});

test('what is left of a run is all that did not finish, with its sidecars', () => {
  const rows = [
    row('a', { status: 'finished' }),
    row('b', { sidecar_path: '/elsewhere/b.meta.json' }),
    row('c.meta.json', { status: 'skipped', reason: 'ORPHAN_SIDECAR' }),
  ];
  const run = earlierRun('r.csv', { rows, sessionIds: ['s'] });
  assert.deepEqual(run.inputs, [
    { name: 'b', body: { path: '/there/b' } },
    { name: 'b.meta.json', body: { path: '/elsewhere/b.meta.json' } },
    { name: 'c.meta.json', body: { path: '/there/c.meta.json' } },
  ]);
  assert.deepEqual([run.workspaceName, run.writeMode, run.finished], ['minutes', 'OVERWRITE', [rows[0]]]);
  assert.deepEqual(run.openSessions, [], 'every outcome is known, so that no server need be asked');
});

test('a file in whose place another was taken stays out as long as that one counts', () => {
  const gone = { status: 'skipped', reason: 'SAME_NAME' } as const;
  const rows = [
    row('a', { ...gone, path: '/old/a' }),
    row('a.meta.json', { ...gone, path: '/old/a.meta.json' }),
    row('a', { status: 'finished', sidecar_path: '/there/a.meta.json' }),
    row('b', { ...gone, path: '/old/b' }),
    row('b', {}),
    row('c', { ...gone, path: '/old/c' }),
  ];
  const run = earlierRun('r.csv', { rows, sessionIds: [] });
  const paths = run.inputs.map(({ body }) => body.path);
  assert.deepEqual(paths, ['/there/b', '/old/c'], 'that of c is not in the report any more');
  assert.deepEqual(run.superseded, [rows[0], rows[1], rows[3]]);
});

for (const unknown of [
  { status: 'not_sent' },
  { status: 'pending' },
  { status: 'skipped', reason: 'NOT_SENT' },
] as const) {
  test(`CLI.3: what ended as ${Object.values(unknown).join(' ')} may have reached the server all the same`, () => {
    const rows = [row('a', { status: 'finished' }), row('b', unknown)];
    assert.deepEqual(earlierRun('r.csv', { rows, sessionIds: ['s', 't'] }).openSessions, ['s', 't']);
  });
}

test('another workspace has nothing of the sessions before', async () => {
  const path = join(await emptyFolder(), 'r.ndjson');
  await (await openReport(path)).finish([row('b', { status: 'pending' })]);
  const task = (workspaceName?: string) =>
    uploadTask({
      operands: [],
      workspaceName: 'default',
      options: { fromReport: path, ...(workspaceName ? { workspaceName } : {}) },
    });
  assert.deepEqual((await task()).sessionIds, ['s']);
  assert.deepEqual((await task('minutes')).sessionIds, ['s']);
  assert.deepEqual((await task('other')).sessionIds, []);
});

test('a report of no file is told in a sentence', async () => {
  const path = join(await emptyFolder(), 'r.csv');
  await writeFile(path, 'name,status\r\n');
  const task = uploadTask({ operands: [], workspaceName: '', options: { fromReport: path } });
  await assert.rejects(task, { name: 'UsageError', message: `There is no file in ${path}.` });
});
