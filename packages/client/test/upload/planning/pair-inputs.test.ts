import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import type { MetadataInput } from '../../../src/metadata.ts';
import { pairInputs } from '../../../src/upload/planning/pair-inputs.ts';

type Input = string | [name: string, meta: MetadataInput] | { path: string };

/** A path is called by its base name. Files are written `name` or `name+input of its sidecar` or `name+meta`, problems `input CODE`. */
const CASES: { title: string; inputs: Input[]; files: string[]; problems: string[] }[] = [
  { title: 'a file alone', inputs: ['a.txt'], files: ['a.txt'], problems: [] },
  { title: 'a file and its sidecar', inputs: ['a.txt', 'a.txt.meta.json'], files: ['a.txt+1'], problems: [] },
  { title: 'NAM.6: sidecar first', inputs: ['a.txt.meta.json', 'a.txt'], files: ['a.txt+0'], problems: [] },
  {
    title: 'NAM.6: a sidecar without file',
    inputs: ['a.txt', 'b.txt.meta.json'],
    files: ['a.txt'],
    problems: ['1 ORPHAN_SIDECAR'],
  },
  {
    title: 'NAM.6: a sidecar of a sidecar',
    inputs: ['x.meta.json', 'x.meta.json.meta.json'],
    files: [],
    problems: ['0 ORPHAN_SIDECAR', '1 ORPHAN_SIDECAR'],
  },
  { title: 'NAM.6: a bare suffix', inputs: ['.meta.json'], files: [], problems: ['0 ORPHAN_SIDECAR'] },
  {
    title: 'NAM.6: capitals make a file of it',
    inputs: ['X.META.JSON'],
    files: ['X.META.JSON'],
    problems: [],
  },
  {
    title: 'letter case counts',
    inputs: ['File.txt', 'file.txt', 'file.txt.meta.json'],
    files: ['File.txt', 'file.txt+2'],
    problems: [],
  },
  {
    title: 'sidecars pair within their folder',
    inputs: ['x/a.txt', 'y/a.txt.meta.json'],
    files: ['x/a.txt'],
    problems: ['1 ORPHAN_SIDECAR'],
  },
  {
    title: 'NAM.1: NFD and NFC are one name',
    inputs: ['u\u0308.txt', '\u00fc.txt.meta.json'],
    files: ['\u00fc.txt+1'],
    problems: [],
  },
  {
    title: 'NAM.1: and clash',
    inputs: ['u\u0308.txt', '\u00fc.txt'],
    files: ['\u00fc.txt'],
    problems: ['0 SAME_NAME'],
  },
  {
    title: 'LIF.5: of three with one name the last is taken',
    inputs: ['a', 'b', 'a', 'a'],
    files: ['b', 'a'],
    problems: ['0 SAME_NAME', '2 SAME_NAME'],
  },
  {
    title: 'of two sidecars the last is taken',
    inputs: ['a.meta.json', 'a', 'a.meta.json'],
    files: ['a+2'],
    problems: ['0 SAME_NAME'],
  },
  { title: 'metadata given', inputs: [['a', {}]], files: ['a+meta'], problems: [] },
  {
    title: 'metadata given wins over a sidecar',
    inputs: [['a', { year: 2026 }], 'a.meta.json'],
    files: ['a+meta'],
    problems: ['1 SAME_NAME'],
  },
  {
    title: 'the sidecar of a file that another takes the place of does not go with that one',
    inputs: [{ path: 'x/a' }, { path: 'x/a.meta.json' }, { path: 'y/a' }],
    files: ['a'],
    problems: ['0 SAME_NAME', '1 SAME_NAME'],
  },
  {
    title: 'a sidecar goes with the file it lies beside, wherever it stands',
    inputs: [{ path: 'x/a' }, { path: 'y/a.meta.json' }, { path: 'x/a.meta.json' }, { path: 'y/a' }],
    files: ['a+1'],
    problems: ['0 SAME_NAME', '2 SAME_NAME'],
  },
  {
    title: 'of two sidecars the one beside the file is taken',
    inputs: [{ path: 'x/a' }, { path: 'x/a.meta.json' }, { path: 'y/a.meta.json' }],
    files: ['a+1'],
    problems: ['2 SAME_NAME'],
  },
  {
    title: 'the same path twice keeps its sidecar',
    inputs: [{ path: 'x/a' }, { path: 'x/a' }, { path: 'x/a.meta.json' }],
    files: ['a+2'],
    problems: ['0 SAME_NAME'],
  },
  {
    title: 'without a clash, files and sidecars may lie in different folders',
    inputs: [{ path: 'files/a' }, { path: 'metadata/a.meta.json' }],
    files: ['a+1'],
    problems: [],
  },
  {
    title: 'of files in memory nobody can tell whose sidecar it is',
    inputs: ['a', 'a.meta.json', 'a'],
    files: ['a'],
    problems: ['0 SAME_NAME', '1 SAME_NAME'],
  },
  {
    title:
      'MET.1: metadata that cannot be sent takes its file with it, and its sidecar does not stand in for it',
    inputs: [['a', { limit: Number.NaN }], 'a.meta.json', 'b'],
    files: ['b'],
    problems: ['1 SAME_NAME', '0 BAD_METADATA'],
  },
  { title: 'NAM.2: no name', inputs: ['', 'a'], files: ['a'], problems: ['0 BAD_NAME'] },
  { title: 'NAM.2: half a surrogate pair', inputs: ['a\ud83d.txt'], files: [], problems: ['0 BAD_NAME'] },
  { title: 'nothing', inputs: [], files: [], problems: [] },
];

for (const { title, inputs, files, problems } of CASES) {
  test(title, () => {
    const pairing = pairInputs(
      inputs.map((input) => {
        if (typeof input === 'string') return { name: input };
        if ('path' in input) return { name: basename(input.path), body: input };
        return { name: input[0], meta: input[1] };
      }),
    );
    const written = pairing.files.map(({ name, sidecar }) => {
      if (sidecar === null) return name;
      return `${name}+${'input' in sidecar ? sidecar.input : 'meta'}`;
    });
    assert.deepEqual(written, files);
    assert.deepEqual(
      pairing.problems.map(({ input, code }) => `${input} ${code}`),
      problems,
    );
    for (const { message } of pairing.problems) assert.match(message, /^[A-Z].*\.$/);
  });
}

test('in memory, where each of several files of one name has a sidecar, the last goes with the last', () => {
  const names = ['a.txt', 'a.txt.meta.json', 'a.txt', 'a.txt.meta.json'];
  assert.deepEqual(
    pairInputs(names.map((name) => ({ name, body: 'x' }))).files.map(({ input, sidecar }) => [
      input,
      sidecar,
    ]),
    [[2, { input: 3 }]],
  );
  const fewer = pairInputs(names.slice(0, 3).map((name) => ({ name, body: 'x' })));
  assert.deepEqual(
    fewer.files.map(({ input, sidecar }) => [input, sidecar]),
    [[2, null]],
    'it may be that of the first',
  );
});
