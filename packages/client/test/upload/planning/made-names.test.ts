import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesToSend, shownBytes } from '../../../src/upload/planning/made-names.ts';
import { pairInputs } from '../../../src/upload/planning/pair-inputs.ts';

const SENT: [title: string, given: string[], sent: string[]][] = [
  ['bytes as escapes', ['R\udce9sum\udce9.txt'], ['R%E9sum%E9.txt']],
  ['names that differ in a byte', ['a\udce9', 'a\udce8'], ['a%E9', 'a%E8']],
  [
    'a percent sign beside them, so that it can be read back',
    ['a\udce9%E8', 'a%E9\udce8'],
    ['a%E9%25E8', 'a%25E9%E8'],
  ],
  ['only the part of a path that has them', ['d\udce9/50%.txt', '50%/x\udcff'], ['d%E9/50%.txt', '50%/x%FF']],
  ['beside a file that has that name', ['a%E9.txt', 'a\udce9.txt'], ['a%E9.txt', 'a%E9_1.txt']],
  ['whichever of them comes first', ['a\udce9.txt', 'a%E9.txt'], ['a%E9_1.txt', 'a%E9.txt']],
  [
    'beside names with numbers',
    ['a\udce9', 'a%E9', 'a%E9_1', 'a\udce9_2'],
    ['a%E9_3', 'a%E9', 'a%E9_1', 'a%E9_2'],
  ],
  [
    'a sidecar with its file',
    ['a%E9', 'a\udce9', 'a\udce9.meta.json'],
    ['a%E9', 'a%E9_1', 'a%E9_1.meta.json'],
  ],
  [
    'not where a sidecar of another would be its own',
    ['a%E9.meta.json', 'a\udce9'],
    ['a%E9.meta.json', 'a%E9_1'],
  ],
  [
    'a sidecar without its file, beside a file of that name',
    ['a%E9', 'a\udce9.meta.json'],
    ['a%E9', 'a%E9_1.meta.json'],
  ],
  ['one name twice once', ['a\udce9', 'a\udce9'], ['a%E9', 'a%E9']],
  ['in NFC', ['A\u0308\udce9'], ['Ä%E9']],
  ['an ending of a folder is none of the name', ['v1.0\udce9/a', 'v1.0%E9/a'], ['v1.0%E9/a_1', 'v1.0%E9/a']],
  [
    'cut before the extension, where escapes make a part too long',
    [`${'\udc83'.repeat(250)}.txt`, `漢${'\udc83'.repeat(84)}/x\udc83`, `${'\udc83'.repeat(251)}.txt`],
    [`${'%83'.repeat(82)}.txt`, `漢${'%83'.repeat(82)}/x%83`, `${'%83'.repeat(82)}_1.txt`],
  ],
  ['others as they are', ['%E9', 'a b', '👷🏽‍♀️', 'x\ud83d'], ['%E9', 'a b', '👷🏽‍♀️', 'x\ud83d']],
];

for (const [title, given, sent] of SENT) {
  test(`NAM.2: names on disk that are no UTF-8 are sent: ${title}`, () => {
    assert.deepEqual(namesToSend(given), sent);
  });
}

test('NAM.2: a sidecar of such a name is paired, one of another name is not', () => {
  const names = ['a%E9.meta.json', 'a\udce9', 'a\udce9.meta.json'];
  const { files, problems } = pairInputs(names.map((name) => ({ name })));
  assert.deepEqual(files, [{ input: 1, name: 'a%E9_1', sidecar: { input: 2 } }]);
  assert.deepEqual(
    problems.map(({ name, code }) => `${name} ${code}`),
    ['a%E9.meta.json ORPHAN_SIDECAR'],
  );
});

test('for people a byte is shown as one', () => {
  assert.equal(shownBytes('R\udce9sum\udc80 ü 👷'), 'R\\xE9sum\\x80 ü 👷');
});
