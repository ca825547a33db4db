import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient, type PlannedFile, type UploadPlan } from '@sluice/client/node';
import { createOutput } from '../../src/output/output.ts';
import { reportPlan, reportProblems, shareOf } from '../../src/upload/report-plan.ts';

const plan = await createClient({ baseUrl: 'http://127.0.0.1', apiKey: '' }).planUpload([
  { name: 'a.txt', body: 'a' },
  { name: 'empty.txt', body: '' },
  { name: 'lost.txt.meta.json', body: '{}' },
]);

const withSidecar = await createClient({ baseUrl: 'http://127.0.0.1', apiKey: '' }).planUpload([
  { name: 'a.txt', body: 'a' },
  { name: 'a.txt.meta.json', body: '{}' },
]);

const printed = (print: (output: ReturnType<typeof createOutput>) => void, json = false) => {
  let text = '';
  const stdout = { write: (more: string) => (text += more) };
  print(createOutput({ stdout, stderr: stdout, json }));
  return text;
};

test('a dry run knows the files that will fail as they are empty', () => {
  const text = printed((output) => assert.equal(reportPlan(plan, output), 1));
  assert.match(text, /^would send +a\.txt +1 B$/m);
  assert.match(text, /^would fail +empty\.txt +0 B {2}EMPTY_FILE +The file has no content\.$/m);
  assert.match(text, /\n2 files with 0 sidecars, 1 B, 1 would fail, 1 skipped; nothing was sent\.\n$/);
  assert.match(
    printed((output) => reportPlan(withSidecar, output)),
    /\n1 file with 1 sidecar, 3 B; nothing was sent\.\n$/,
  );
  const { files, problems } = JSON.parse(printed((output) => reportPlan(plan, output), true));
  assert.deepEqual(files.length, 2);
  assert.deepEqual(
    problems.map(({ reason }: { reason: string }) => reason),
    ['ORPHAN_SIDECAR', 'EMPTY_FILE'],
  );
  const empty: UploadPlan = { ...plan, files: plan.files.slice(1), problems: [] };
  printed((output) => assert.equal(reportPlan(empty, output), 1));
});

test('what will not be sent is told before the rest is, but to machines at the end', () => {
  const told = (orphansSent: boolean, json: boolean) =>
    printed((output) => reportProblems(plan, orphansSent, output), json);
  assert.match(told(false, false), /^skipped +lost\.txt\.meta\.json +ORPHAN_SIDECAR [^\n]*\n$/);
  assert.equal(told(false, true), '');
  assert.equal(told(true, false), '', 'what became of it is for the server to say');
});

test('each session of an upload that fills several says which part it takes', () => {
  const many = { files: Array<PlannedFile>(12_000), bytes: 53_300_000 };
  assert.equal(shareOf(many, 1, 10_000), 'files 1 to 10,000 of 12,000, 53.3 MB in all');
  assert.equal(shareOf(many, 2, 10_000), 'files 10,001 to 12,000 of 12,000');
  assert.equal(shareOf(many, 1, 12_000), '12,000 files, 53.3 MB');
});
