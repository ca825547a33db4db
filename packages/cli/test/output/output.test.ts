import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, files, second } from '../../src/output/amounts.ts';
import { type Column, createOutput } from '../../src/output/output.ts';
import { progressLine } from '../../src/output/progress-line.ts';

const recording = (isTTY: boolean) => {
  const screen = {
    isTTY,
    columns: 20,
    text: '',
    write: (text: string) => {
      screen.text += text;
    },
  };
  return screen;
};

type Row = { n: number; name: string };

const COLUMNS: Column<Row>[] = [
  { title: 'n', width: 3, right: true, of: ({ n }) => String(n) },
  { title: 'name', width: 0, of: ({ name }) => name },
];

test('a list: titles and columns on a terminal, tabs elsewhere, lines of JSON where asked for', () => {
  const printed = (isTTY: boolean, json: boolean) => {
    const stdout = recording(isTTY);
    const row = createOutput({ stdout, stderr: recording(isTTY), json, quiet: false }).list(COLUMNS);
    row({ n: 1, name: 'a\tb' });
    row({ n: 20, name: 'c' });
    return stdout.text;
  };
  assert.equal(printed(true, false), '  n  name\n  1  a\ufffdb\n 20  c\n');
  assert.equal(printed(false, false), '1\ta\ufffdb\n20\tc\n');
  assert.equal(printed(true, true), '{"n":1,"name":"a\\tb"}\n{"n":20,"name":"c"}\n');
});

test('nothing that comes from elsewhere acts on a terminal', () => {
  const [stdout, stderr] = [recording(true), recording(true)];
  const output = createOutput({ stdout, stderr, json: false, quiet: false });
  output.result({}, 'red \u001b[31m, \u009b31m, turned \u202etxt.exe, next\nline');
  output.error('two\n  lines \u001b[2J');
  assert.equal(stdout.text, 'red \ufffd[31m, \ufffd31m, turned \ufffdtxt.exe, next\ufffdline\n');
  assert.equal(stderr.text, 'sluice: two lines \ufffd[2J\n');
});

test('what is said beside the results is not said to machines, nor when told to be quiet', () => {
  for (const [json, quiet, said] of [
    [false, false, 'hello\n'],
    [true, false, ''],
    [false, true, ''],
  ] as const) {
    const stdout = recording(false);
    createOutput({ stdout, stderr: recording(false), json, quiet }).say('hello');
    assert.equal(stdout.text, said);
  }
});

test('progress is one line, not too often, no wider than the screen, and gone before other lines', () => {
  const stderr = recording(true);
  let now = 0;
  const line = progressLine(stderr, () => now);
  line.show('first');
  now = 99;
  line.show('too soon');
  now = 100;
  line.show('a line that is wider than the screen');
  assert.equal(stderr.text, '\rfirst\u001b[K\ra line that is wide\u001b[K');
  line.clear();
  line.clear();
  assert.ok(stderr.text.endsWith('wide\u001b[K\r\u001b[K'));

  const [stdout, terminal] = [recording(true), recording(true)];
  const output = createOutput({ stdout, stderr: terminal, json: false, quiet: false });
  output.progress('1 of 2');
  output.say('done');
  assert.deepEqual([stdout.text, terminal.text], ['done\n', '\r1 of 2\u001b[K\r\u001b[K']);
});

test('no progress off a terminal, nor when told to be quiet', () => {
  for (const [isTTY, quiet] of [
    [false, false],
    [true, true],
  ] as const) {
    const stderr = recording(isTTY);
    createOutput({ stdout: recording(isTTY), stderr, json: false, quiet }).progress('1 of 2');
    assert.equal(stderr.text, '');
  }
});

test('amounts', () => {
  assert.deepEqual([0, 999, 1000, 61_280, 99_949, 99_950, 1_234_567, 999_999_999, 5e9].map(bytes), [
    '0 B',
    '999 B',
    '1.0 kB',
    '61.3 kB',
    '99.9 kB',
    '100 kB',
    '1.2 MB',
    '1000 MB',
    '5.0 GB',
  ]);
  assert.deepEqual([0, 1, 2].map(files), ['0 files', '1 file', '2 files']);
  assert.equal(second('2026-01-02T03:04:05.123456Z'), '2026-01-02T03:04:05Z');
});
