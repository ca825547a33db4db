import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openFile } from '../../src/node/file-content.ts';
import { fsPath, pathText, readPath, writtenPath } from '../../src/node/local-path.ts';
import { nodePlatform } from '../../src/node/node-platform.ts';
import { scanDirectory } from '../../src/node/scan-directory.ts';
import { planUpload } from '../../src/upload/planning/plan-upload.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

/** Every byte, whole characters beside broken ones, and what only looks like UTF-8: overlong, half pairs, beyond the last. */
const BYTES = [
  Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1)),
  Buffer.from('ü 👷🏽‍♀️.txt'),
  Buffer.concat([Buffer.from('ü'), latin1('\xe9'), Buffer.from('👷'), latin1('\xf0\x9f\x91')]),
  latin1('\xc0\xaf \xed\xa0\x80 \xed\xb3\xa9 \xf4\x90\x80\x80 \xef\xbf'),
];

for (const [index, bytes] of BYTES.entries()) {
  test(`NAM.2: bytes of a path become text, written text, and the same bytes again: ${index}`, () => {
    const path = `/${pathText(bytes)}`;
    const whole = Buffer.concat([Buffer.from('/'), bytes]);
    assert.deepEqual(Buffer.from(fsPath(path)), whole);
    assert.ok(writtenPath(path).isWellFormed());
    assert.equal(readPath(writtenPath(path)), path);
  });
}

test('a path that is UTF-8 is written as it is', () => {
  for (const path of ['/a b/50%.txt', '/ü', 'C:\\a'])
    assert.deepEqual([writtenPath(path), readPath(path)], [path, path]);
});

const onlyLinux = { skip: process.platform !== 'linux' }; // macOS refuses such names, Windows has none

test(
  'NAM.2: files and folders whose names are no UTF-8 are found, read, and planned',
  onlyLinux,
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-client-'));
    t.after(() => rm(folder, { recursive: true }));
    const at = (name: string) => Buffer.concat([Buffer.from(`${folder}/`), latin1(name)]);
    mkdirSync(at('d\xe9'));
    for (const name of [
      'R\xe9.txt',
      'R\xe8.txt',
      'R%E9.txt',
      'R\xe9.txt.meta.json',
      'd\xe9/x.md',
      'o\xe9.meta.json',
    ]) {
      writeFileSync(at(name), name.endsWith('.json') ? '{}' : latin1(name));
    }
    const found = await scanDirectory(folder);
    assert.equal(found.length, 6);
    const inputs = found.map(({ relativePath, path }) => ({ name: relativePath, body: { path } }));
    const plan = await planUpload(
      inputs,
      nodePlatform(() => ({})),
    );
    const read = plan.files.map(async ({ name, nameOnDisk, content, sidecar }) => {
      const bytes = Buffer.from(await content.whole()).toString('latin1');
      return [name, nameOnDisk, bytes, sidecar?.size].join(' | ');
    });
    assert.deepEqual((await Promise.all(read)).sort(), [
      'R%E8.txt | R\\xE8.txt | R\xe8.txt | ',
      'R%E9.txt |  | R%E9.txt | ',
      'R%E9_1.txt | R\\xE9.txt | R\xe9.txt | 2',
      'd%E9/x.md | d\\xE9/x.md | d\xe9/x.md | ',
    ]);
    assert.deepEqual(
      plan.problems.map(({ name, message }) => `${name}: ${message}`),
      [
        'o%E9.meta.json: The file that this sidecar belongs to is not among the inputs. On disk it is called o\\xE9.meta.json, which is no UTF-8.',
      ],
    );
    const lossy = join(folder, 'R\ufffd.txt');
    await assert.rejects(openFile(lossy), /may stand for bytes that are no UTF-8/);
  },
);
