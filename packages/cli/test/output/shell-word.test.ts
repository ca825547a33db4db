import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shellWord } from '../../src/output/shell-word.ts';

for (const [text, word] of [
  ['report-1.csv', 'report-1.csv'],
  ['my report.csv', "'my report.csv'"],
  ["it's $HOME", "'it'\\''s $HOME'"],
  ['', "''"],
] as const) {
  test(`${text || 'nothing'} is typed ${word}`, () => assert.equal(shellWord(text), word));
}
