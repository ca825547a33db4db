import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UploadResult } from '@sluice/client/node';
import { EXIT } from '../../src/exit-codes.ts';
import { createOutput } from '../../src/output/output.ts';
import { reportUpload } from '../../src/upload/report-upload.ts';

const resultOf = (status: UploadResult['status']): UploadResult => ({
  ...{ name: `${status}.txt`, status, reason: null, message: null, fileId: null, size: 1 },
});

test('CLI.2: an upload ends with 0 if all that was to be waited for finished', () => {
  const { finished, someFailed } = EXIT;
  const cases: [UploadResult['status'][], boolean, number][] = [
    [[], true, finished],
    [['finished'], true, finished],
    [['finished', 'failed'], true, someFailed],
    [['finished', 'skipped'], true, someFailed],
    [['finished', 'pending'], true, someFailed],
    [['finished', 'pending'], false, finished],
    [['pending', 'failed'], false, someFailed],
    [['pending', 'skipped'], false, someFailed],
  ];
  const silent = { write: () => {} };
  for (const [statuses, waited, exitCode] of cases) {
    const results = statuses.map(resultOf);
    const upload = { sessionId: 's', sessionIds: ['s'], settled: true, results, orphanSidecars: [] };
    const output = createOutput({ stdout: silent, stderr: silent });
    const report = { waited, all: false, orphansSent: false, workspaceName: 'default', output };
    assert.equal(reportUpload(upload, report), exitCode, `${statuses} ${waited}`);
  }
});
