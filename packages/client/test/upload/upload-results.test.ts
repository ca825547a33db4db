import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentInMemory } from '../../src/upload/planning/content.ts';
import { planUpload } from '../../src/upload/planning/plan-upload.ts';
import type { SendOutcome } from '../../src/upload/sending/send-object.ts';
import { type SessionFileRow, uploadResults } from '../../src/upload/upload-results.ts';

const noPaths = { openPath: async () => contentInMemory('') };
const accepted: SendOutcome = { accepted: true };
const refused: SendOutcome = {
  accepted: false,
  reason: 'UPLOAD_FAILED',
  message: 'answered 403',
  storeIsDown: false,
};

const finished = (name: string): SessionFileRow => ({
  name,
  ingestion_status: 'FINISHED',
  file_id: 'id',
  size: 3,
});
const failed = (name: string): SessionFileRow => ({
  name,
  ingestion_status: 'FAILED',
  ingestion_status_reason: 'EMPTY_FILE',
  ingestion_status_message: 'The file has no content.',
});
const pending = (name: string): SessionFileRow => ({ name, ingestion_status: 'PENDING' });

const CASES: {
  title: string;
  outcome: SendOutcome;
  row?: SessionFileRow;
  settled: boolean;
  gives: string;
}[] = [
  { title: 'ingested', outcome: accepted, row: finished('a'), settled: true, gives: 'finished null id' },
  { title: 'failed', outcome: accepted, row: failed('a'), settled: true, gives: 'failed EMPTY_FILE null' },
  { title: 'refused', outcome: refused, settled: true, gives: 'failed UPLOAD_FAILED null' },
  {
    title: 'refused, it seems, but there',
    outcome: refused,
    row: finished('a'),
    settled: true,
    gives: 'finished null id',
  },
  { title: 'not waited for', outcome: accepted, settled: false, gives: 'pending null null' },
  {
    title: 'waited for too shortly',
    outcome: accepted,
    row: pending('a'),
    settled: false,
    gives: 'pending null null',
  },
  {
    title: 'listed as open though the counters said all was through',
    outcome: accepted,
    row: pending('a'),
    settled: true,
    gives: 'pending null null',
  },
  {
    title: 'settled early',
    outcome: accepted,
    row: finished('a'),
    settled: false,
    gives: 'finished null id',
  },
  {
    title: 'refused, others not settled',
    outcome: refused,
    settled: false,
    gives: 'failed UPLOAD_FAILED null',
  },
  {
    title: 'accepted and then not listed',
    outcome: accepted,
    settled: true,
    gives: 'failed NOT_INGESTED null',
  },
];

for (const { title, outcome, row, settled, gives } of CASES) {
  test(title, async () => {
    const inputs = [{ name: 'a', body: 'abc' }];
    const plan = await planUpload(inputs, noPaths);
    const rows = new Map(row ? [[row.name, row]] : []);
    const [result, ...more] = uploadResults(plan, { sent: new Map([[0, outcome]]), rows, settled });
    assert.deepEqual(more, []);
    assert.equal(`${result?.status} ${result?.reason} ${result?.fileId}`, gives);
    assert.equal(result?.size, 3);
  });
}

test('results stand in the order of the inputs, sidecars with a file have none', async () => {
  const inputs = ['z', 'z.meta.json', 'x.meta.json', 'a', '', 'a', 'c\u0007'].map((name) => ({
    name,
    body: 'abc',
  }));
  const plan = await planUpload(inputs, noPaths);
  const sent = new Map([0, 5, 6].map((input) => [input, accepted]));
  const rows = new Map([finished('a'), finished('z'), failed('c\ufffd')].map((row) => [row.name, row]));
  const results = uploadResults(plan, { sent, rows, settled: true });
  assert.deepEqual(
    results.map(({ name, status, reason }) => `${name} ${status} ${reason}`),
    [
      'z finished null',
      'x.meta.json skipped ORPHAN_SIDECAR',
      'a skipped SAME_NAME',
      ' skipped BAD_NAME',
      'a finished null',
      'c\u0007 failed EMPTY_FILE',
    ],
  );
});

test('what was not sent is skipped, and what an earlier run finished stays finished', async () => {
  const plan = await planUpload(
    ['a', 'b'].map((name) => ({ name, body: 'abc' })),
    noPaths,
  );
  const finishedBefore = new Map([[1, { fileId: 'id' }]]);
  const results = uploadResults(plan, {
    sent: new Map(),
    finished: finishedBefore,
    rows: new Map(),
    settled: false,
  });
  assert.deepEqual(
    results.map(({ status, reason, fileId }) => [status, reason, fileId]),
    [
      ['skipped', 'NOT_SENT', null],
      ['finished', null, 'id'],
    ],
  );
});
