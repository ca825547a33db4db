import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { addSidecar } from '../../../src/node/download/place-file.ts';

test('a sidecar that is there stays as it is, and is told apart', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-client-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'a.txt');
  const sidecar = `${path}.meta.json`;
  assert.equal(await addSidecar(path, null), 'none');
  assert.equal(await addSidecar(path, '{"a":1}'), 'written');
  assert.equal(await addSidecar(path, '{"a":1}'), 'same');
  assert.equal(await addSidecar(path, '{"a":2}'), 'other');
  assert.equal(await readFile(sidecar, 'utf8'), '{"a":1}');
  await writeFile(sidecar, '');
  assert.equal(await addSidecar(path, '{"a":1}'), 'other', 'an empty one as well');
  assert.equal(await readFile(sidecar, 'utf8'), '');
});
