import assert from 'node:assert/strict';
import { test } from 'node:test';
import { displayWidth } from '../../src/output/display-width.ts';
import { createOutput } from '../../src/output/output.ts';
import { tableLines } from '../../src/output/table.ts';

const WIDTHS: [text: string, columns: number][] = [
  ['abc', 3],
  ['', 0],
  ['Gäste', 5],
  ['Ga\u0308ste', 5],
  ['統計', 4],
  ['ﾃｽﾄ', 3],
  ['ＡＢ', 4],
  ['한국어', 6],
  ['👷🏽‍♀️', 2],
  ['🇩🇪', 2],
  ['☺', 1],
  ['☺️', 2],
  ['1', 1],
  ['a\u200bb', 2],
];

for (const [text, columns] of WIDTHS) {
  test(`${JSON.stringify(text)} takes ${columns} columns`, () => assert.equal(displayWidth(text), columns));
}

test('what follows a wide name stands where it stands below others', () => {
  const lines = tableLines(
    [
      ['統計 👷🏽‍♀️.csv', 'x'],
      ['plain.csv', 'x'],
    ],
    false,
  );
  assert.deepEqual(
    lines.map((line) => displayWidth(line.slice(0, line.lastIndexOf('x')))),
    [13, 13],
  );
});

const ID = '019a3f0e-0000-7000-8000-000000000000';
const TIME = '2026-11-21T12:59:42Z';
const NAME = '統計 of a very long name, with words that wrap and 👷🏽‍♀️.txt';

const listed = (columns: number): string[] => {
  let text = '';
  const screen = {
    isTTY: true,
    columns,
    write: (more: string) => {
      text += more;
    },
  };
  const print = createOutput({ stdout: screen, stderr: screen }).list<{ name: string }>([
    { title: 'file_id', width: 36, of: () => ID },
    { title: 'size', width: 12, right: true, of: () => '1234' },
    { title: 'created_at', width: 20, of: () => TIME },
    { title: 'name', width: 0, of: ({ name }) => name },
  ]);
  print({ name: NAME });
  print({ name: 'a.txt' });
  return text.trimEnd().split('\n');
};

for (const columns of [120, 80, 60, 40]) {
  test(`a list on a terminal of ${columns} columns breaks no word and is no wider`, () => {
    const lines = listed(columns);
    for (const line of lines) assert.ok(displayWidth(line) <= columns, line);
    const words = new Set(lines.join(' ').split(' '));
    for (const word of [ID, TIME, '1234', 'a.txt', ...NAME.split(' ')]) assert.ok(words.has(word), word);
  });
}

test('a row that does not fit in goes on below, each column as a whole', () => {
  assert.deepEqual(listed(80).slice(-2), [`${ID}          1234  ${TIME}`, '  a.txt']);
  assert.deepEqual(listed(40).slice(-3), [ID, `          1234  ${TIME}`, '  a.txt']);
});

test('what is wider than the screen stays whole, so that it can be copied', () => {
  assert.ok(listed(20).includes(ID));
});

test('a message of an upload goes on below where it begins, or on a line of its own', () => {
  const row = ['failed', 'a.txt', { text: '5 B', right: true as const }, 'WHY', 'Some words about it.'];
  assert.deepEqual(tableLines([row], false, 42), [
    'failed  a.txt  5 B  WHY  Some words about',
    '                         it.',
  ]);
  assert.deepEqual(tableLines([row], false, 36), ['failed  a.txt  5 B  WHY', '  Some words about it.']);
});
