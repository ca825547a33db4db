import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localSegments, numbered } from '../../../src/node/download/local-name.ts';

const SAFE: [name: string, segments: string[]][] = [
  ['a.txt', ['a.txt']],
  ['folder/a b.txt', ['folder', 'a b.txt']],
  ['../../etc/passwd', ['__', '__', 'etc', 'passwd']],
  ['..', ['__']],
  ['.', ['_']],
  ['...', ['_._']],
  ['/etc/passwd', ['etc', 'passwd']],
  ['//host//share/', ['host', 'share']],
  ['..\\..\\up.txt', ['__', '__', 'up.txt']],
  ['C:\\Windows\\a', ['C_', 'Windows', 'a']],
  ['a.txt:stream', ['a.txt_stream']],
  ['%2e%2e%2fup', ['%2e%2e%2fup']],
  ['CON', ['_CON']],
  ['nul.txt', ['_nul.txt']],
  ['COM¹.log', ['_COM¹.log']],
  ['aux .c', ['_aux .c']],
  ['console.txt', ['console.txt']],
  ['.ssh/authorized_keys', ['_ssh', 'authorized_keys']],
  ['\u200c.git/config', ['_git', 'config']],
  ['.g\u200cit', ['_g\u200cit']],
  ['GIT~1/hooks/post-commit', ['GIT_1', 'hooks', 'post-commit']],
  ['notes~1.txt', ['notes_1.txt']],
  ['minutes~2026.txt', ['minutes~2026.txt']],
  ['~1', ['~1']],
  ['dot.', ['dot_']],
  ['blank ', ['blank_']],
  ['bell\u0007\u0000.txt', ['bell__.txt']],
  ['lone \ud800', ['lone \ufffd']],
  ['統計 👷🏽‍♀️.csv', ['統計 👷🏽‍♀️.csv']],
  ['invoice\u202efdp.exe', ['invoice_fdp.exe']],
  ['\u2066a\u2069\u200f\u061c.txt', ['_a___.txt']],
  ['two\u2028lines', ['two_lines']],
  ['-rf', ['_rf']],
  ['sub/--help', ['sub', '_-help']],
  ['', ['_']],
  ['///', ['_']],
];

for (const [name, segments] of SAFE) {
  test(`NAM.7: ${JSON.stringify(name)} is saved as ${segments.join(' / ')}`, () => {
    assert.deepEqual(localSegments(name), segments);
  });
}

test('NAM.7: a long name keeps its extension, whole characters, and room for a number and a sidecar', () => {
  for (const stem of ['a'.repeat(300), 'ü'.repeat(300), '👷'.repeat(300)]) {
    const [segment = ''] = localSegments(`${stem}.txt`);
    assert.ok(segment.isWellFormed() && segment.endsWith('.txt') && stem.startsWith(segment.slice(0, -4)));
    const longest = Buffer.byteLength(`${numbered(segment, 999_999)}.meta.json`);
    assert.ok(longest <= 255 && Buffer.byteLength(segment) > 230);
  }
});

test('a number goes before the extension', () => {
  const names = ['a.txt', 'a', 'a.tar.gz', '_profile', 'a.'].map((name) => numbered(name, 2));
  assert.deepEqual(names, ['a_2.txt', 'a_2', 'a.tar_2.gz', '_profile_2', 'a_2.']);
  assert.equal(numbered('a.txt', 0), 'a.txt');
});

test('NAM.7: cutting a long name leaves nothing at its end that Windows drops, and no device', () => {
  for (const name of [`${'a'.repeat(235)} ${'b'.repeat(60)}`, `${'a'.repeat(235)}.${'b'.repeat(60)}`]) {
    assert.deepEqual(localSegments(name), [`${'a'.repeat(235)}_`]);
  }
  const [device = ''] = localSegments(`con${' '.repeat(300)}x.txt`);
  assert.match(device, /^_con {200,}\.txt$/);
  assert.ok(Buffer.byteLength(`${numbered(device, 9_999)}.meta.json`) <= 255);
});
