import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeFileName, encodeFileName } from '@sluice/contract';
import fc from 'fast-check';
import { nameProblem, readSentName } from '../../src/domain/file-name.ts';

test('what our clients encode is decoded to the same name in NFC', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      assert.equal(decodeFileName(encodeFileName(name)), name.normalize('NFC'));
    }),
  );
});

test('a name is decoded exactly once, and a broken escape stays literal', () => {
  const cases: [string, string][] = [
    ['a%20b.txt', 'a b.txt'],
    ['a%2520b.txt', 'a%20b.txt'],
    ['100%.txt', '100%.txt'],
    ['%zz%41', '%zzA'],
    ['%C3%BCber%C3', 'über%C3'],
    ['%C3%28x', '%C3(x'],
    ['a+b.txt', 'a+b.txt'],
    ['u\u0308.txt', 'ü.txt'],
  ];
  for (const [sent, name] of cases) assert.equal(readSentName(sent).name, name, sent);
});

test('NAM.1: both spellings of one name are one identity', () => {
  assert.equal(readSentName('Gäste.txt'.normalize('NFD')).name, readSentName('Gäste.txt').name);
});

test('NAM.2, NAM.3: names that may be, and names that may not', () => {
  const fine = [
    'a.txt',
    'folder/a.txt',
    'a b, (c) & d+e.txt',
    'CON',
    'NUL.txt',
    'trailing. ',
    '-rf',
    'a:b',
    '😀.txt',
    'a∕b',
    '.hidden',
    '...',
    'x'.repeat(255),
    '__proto__',
    "'; drop table file; --",
  ];
  for (const name of fine) assert.equal(nameProblem(name), null, name);
  const unfit: [string, RegExp][] = [
    ['', /no name/],
    ['..', /path segment/],
    ['a/../b', /path segment/],
    ['./a', /path segment/],
    ['/etc/passwd', /slash/],
    ['a//b', /slash/],
    ['a/', /slash/],
    ['a\\b', /backslash/],
    ['a\0b', /control/],
    ['a\r\nb', /control/],
    ['a\u007fb', /control/],
    ['a\u0085b', /control/],
    ['x'.repeat(256), /255 bytes/],
    ['ü'.repeat(128), /255 bytes/],
    [`${'x'.repeat(200)}/`.repeat(5), /900 bytes/],
    ['\ud800', /UTF-8/],
    ['a\ufffdb', /UTF-8/],
  ];
  for (const [name, problem] of unfit) assert.match(nameProblem(name) ?? '', problem, JSON.stringify(name));
});

test('NAM.3: traversal is refused in every spelling that decodes to it', () => {
  for (const sent of ['%2e%2e/x', '..%2Fx', '%2E%2E%2Fx', 'a/..%2f..%2fb', '..%5Cx', '%2Fetc']) {
    assert.notEqual(readSentName(sent).problem, null, sent);
  }
  assert.equal(readSentName('%252e%252e').problem, null, 'decoded once it is a harmless name');
});
