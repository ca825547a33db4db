import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableLines } from '../../src/output/table.ts';

const ROWS = [
  [{ text: 'failed', style: 'red' as const }, 'a.txt', { text: '5 B', right: true as const }, 'WHY'],
  ['finished', 'Gäste 1.txt', { text: '12 kB', right: true as const }, ''],
];

test('columns are as wide as their widest cell, and nothing trails', () => {
  assert.deepEqual(tableLines(ROWS, false), [
    'failed    a.txt          5 B  WHY',
    'finished  Gäste 1.txt  12 kB',
  ]);
});

test('nothing trails in the further lines of a narrow terminal either', () => {
  const rows = [
    [
      'skipped',
      'lost-survey.pdf.meta.json',
      { text: '', right: true as const },
      'ORPHAN_SIDECAR',
      'No file.',
    ],
  ];
  assert.deepEqual(tableLines(rows, false, 40), [
    'skipped  lost-survey.pdf.meta.json',
    '  ORPHAN_SIDECAR  No file.',
  ]);
  assert.deepEqual(tableLines([['ok', 'server   ', 'x'.repeat(30)]], false, 40), [
    'ok  server',
    `  ${'x'.repeat(30)}`,
  ]);
});

test('one long name does not move the other lines', () => {
  const lines = tableLines(
    [
      ['x'.repeat(100), 'b'],
      ['a', 'b'],
    ],
    false,
  );
  assert.deepEqual(
    lines.map((line) => line.lastIndexOf('b')),
    [102, 50],
  );
});

test('colours are ours alone: what comes from elsewhere cannot act on a terminal', () => {
  const [line] = tableLines([[{ text: 'red\u001b[31m', style: 'green' }, 'a\u001b[31m']], true);
  assert.equal(line, '\u001b[32mred\ufffd[31m\u001b[39m  a\ufffd[31m');
});
