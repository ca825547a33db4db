import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExactNumber } from '@sluice/client';
import { bytes, duration, files, second, whole } from '../../src/output/amounts.ts';
import { type Column, createOutput } from '../../src/output/output.ts';
import type { Progress } from '../../src/output/progress-meter.ts';
import { progressView } from '../../src/output/progress-view.ts';

const recording = (isTTY: boolean) => {
  const screen = {
    isTTY,
    columns: 22,
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

test('MET.1: numbers are printed as they are, whatever a double holds', () => {
  const stdout = recording(false);
  const output = createOutput({ stdout, stderr: recording(false), json: true });
  output.result({ id: 1546130668394913822n, price: new ExactNumber('0.1000000000000000055'), size: 1.5 });
  assert.equal(stdout.text, '{"id":1546130668394913822,"price":0.1000000000000000055,"size":1.5}\n');
});

test('nothing that comes from elsewhere acts on a terminal', () => {
  const [stdout, stderr] = [recording(true), recording(true)];
  const output = createOutput({ stdout, stderr, json: false, quiet: false });
  output.result({}, 'red \u001b[31m, \u009b31m, turned \u202etxt.exe\u200f\u061c, next\nline');
  output.error('two\n  lines \u001b[2J');
  assert.equal(stdout.text, 'red \ufffd[31m, \ufffd31m, turned \ufffdtxt.exe\ufffd\ufffd, next\ufffdline\n');
  assert.equal(stderr.text, 'sluice: two lines \ufffd[2J\n');

  const object = { name: '\u001b[31m, \u007f \u009b31m, \u202etxt.exe \u2066\u2028 Gäste 👷🏽‍♀️' };
  const machine = recording(true);
  createOutput({ stdout: machine, stderr, json: true }).result(object);
  assert.equal(
    machine.text,
    '{"name":"\\u001b[31m, \\u007f \\u009b31m, \\u202etxt.exe \\u2066\\u2028 Gäste 👷🏽‍♀️"}\n',
  );
  assert.deepEqual(JSON.parse(machine.text), object);
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

const SENDING: Progress = { what: 'sending', files: 1, totalFiles: 2, trouble: '' };

test('progress is one line, not too often, no wider than the screen, and gone before other lines', () => {
  const stderr = recording(true);
  let now = 0;
  const view = progressView(stderr, () => now);
  view.show(SENDING);
  now = 99;
  view.show({ ...SENDING, files: 2 });
  assert.equal(stderr.text, '\rsending   50 %  1 o\u001b[K');
  view.clear();
  view.clear();
  assert.ok(stderr.text.endsWith('\u001b[K\r\u001b[K'));

  const [stdout, terminal] = [recording(true), recording(true)];
  const output = createOutput({ stdout, stderr: terminal });
  output.progress(SENDING);
  output.say('done');
  assert.equal(stdout.text, 'done\n', 'CLI.2: nothing of progress is on standard output');
  assert.ok(terminal.text.endsWith('\r\u001b[K'));
});

test('CLI.2: off a terminal progress is a whole line every five seconds, none for what is soon over', () => {
  const stderr = recording(false);
  let now = 0;
  const view = progressView(stderr, () => now);
  for (now = 0; now <= 11_000; now += 100) {
    view.show({ ...SENDING, files: now / 100, totalFiles: 200, trouble: now > 8_000 ? '3 not sent' : '' });
  }
  assert.deepEqual(stderr.text.split('\n'), [
    'sluice: sending: 50 of 200 files, 10 files/s, 0:15 left',
    'sluice: sending: 100 of 200 files, 10 files/s, 0:10 left, 3 not sent',
    '',
  ]);
});

test('no progress when told to be quiet, or to show none', () => {
  for (const settings of [{ quiet: true }, { showProgress: false }]) {
    const stderr = recording(true);
    createOutput({ stdout: recording(true), stderr, ...settings }).progress(SENDING);
    assert.equal(stderr.text, '');
  }
});

test('a hint is for a terminal alone', () => {
  for (const isTTY of [true, false]) {
    const stderr = recording(isTTY);
    createOutput({ stdout: recording(true), stderr, quiet: true }).hint('Ending.');
    assert.equal(stderr.text, isTTY ? 'Ending.\n' : '');
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
  assert.deepEqual([0, 1, 2000].map(files), ['0 files', '1 file', '2,000 files']);
  assert.deepEqual([0, 999, 1000, 1234567].map(whole), ['0', '999', '1,000', '1,234,567']);
  assert.deepEqual([0, 7.4, 754, 10_805].map(duration), ['0:00', '0:07', '12:34', '3:00:05']);
  assert.equal(second('2026-01-02T03:04:05.123456Z'), '2026-01-02T03:04:05Z');
});
