import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { csvRecord, csvRecords } from '../../src/report/csv.ts';
import { guarded, unguarded } from '../../src/report/formula.ts';

const SIGNS = [...'=+-@|\t\r\n', ...'＝＋－＠｜', ...'﹦﹢﹣﹫', ...'⁼⁺⁻₌₊₋', ...'−‐‑–—'];
const BEFORE = [
  '',
  ' ',
  '\u00a0',
  '\u3000',
  '\u200b',
  '\u2060',
  '\ufeff',
  '\u00ad',
  '\u202e',
  '\0',
  '\u000b',
  '"',
  "'",
  ' "\u200d',
];

test('no sign begins a cell, whatever shows nothing before it', () => {
  for (const sign of SIGNS)
    for (const before of BEFORE) {
      const text = `${before}${sign}1`;
      assert.ok(guarded(text).startsWith("'"), JSON.stringify(text));
      assert.equal(unguarded(guarded(text)), text);
    }
});

test('nor a cell that a program makes by splitting at something else', () => {
  assert.equal(guarded('a;=1+1;b'), "a;'=1+1;b");
  assert.equal(guarded('a\t ＝1'), "a\t' ＝1");
  assert.equal(guarded('a\n"@x'), 'a\n\'"@x');
  assert.equal(csvRecord(['a;=1', 'b']), `"a;'=1",b\r\n`);
});

test('what is no formula stays as it is', () => {
  for (const text of [
    'a=1',
    'a, -b',
    "it's",
    "'quoted'",
    '"quoted"',
    'Gebühren & Ermäßigungen.html',
    '１２',
    ' a',
    '',
  ]) {
    assert.equal(guarded(text), text);
    assert.equal(unguarded(text), text);
  }
});

test('whatever is guarded is read as it was, and guards nothing twice', () => {
  const texts = fc.string({
    unit: fc.constantFrom(
      'a',
      ...SIGNS,
      ...BEFORE.filter((one) => one.length === 1),
      ';',
      ',',
      '👷',
      '\ud800',
    ),
  });
  fc.assert(
    fc.property(fc.oneof(texts, fc.string({ unit: 'binary' })), (text) => {
      assert.equal(unguarded(guarded(text)), text);
      assert.deepEqual(csvRecords(csvRecord([text, 'b'])), [[text, 'b']]);
    }),
    { numRuns: 20_000 },
  );
});
