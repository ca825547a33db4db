import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { bytesOf } from '../../../../../testing/objects/bytes.ts';
import { createBodyFile } from '../../../src/objects/local/body-file.ts';
import { openForWriting } from '../../../src/objects/local/schema.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('LIF.7, AUT.4: a large body is flushed, gets its name, then its folder is; its owner alone reads it', async (t) => {
  const directory = await temporaryFolder(t);
  const folder = await open(directory);
  t.after(() => folder.close());
  const final = join(directory, 'final');
  const flushed: string[] = [];
  const handles: FileHandle = Object.getPrototypeOf(folder);
  const { sync } = handles;
  t.mock.method(handles, 'sync', function (this: FileHandle) {
    flushed.push(`${this.fd === folder.fd ? 'folder' : 'body'}, ${existsSync(final) ? 'named' : 'unnamed'}`);
    return sync.call(this);
  });
  const file = createBodyFile({ temporary: join(directory, 'temporary'), final }, folder, {
    drained: () => {},
    failed: () => {},
  });
  file.write(Buffer.from('a'));
  await file.finish();
  assert.deepEqual(flushed, ['body, unnamed', 'folder, named']);
  assert.equal((await stat(final)).mode & 0o777, 0o600, 'for its owner alone');
});

test('LIF.8: a disk that takes less than it is given gets the rest with the next write', async (t) => {
  const directory = await temporaryFolder(t);
  const folder = await open(directory);
  t.after(() => folder.close());
  const handles: FileHandle = Object.getPrototypeOf(folder);
  t.mock.method(handles, 'writev', async function (this: FileHandle, [first]: Buffer[], position: number) {
    return this.write(first as Buffer, 0, Math.min(7, first?.length ?? 0), position);
  });
  const final = join(directory, 'final');
  const file = createBodyFile({ temporary: join(directory, 'temporary'), final }, folder, {
    drained: () => {},
    failed: () => {},
  });
  const pieces = [bytesOf(20), bytesOf(5), bytesOf(7), bytesOf(1)];
  for (const piece of pieces) file.write(piece);
  await file.finish();
  assert.deepEqual(await readFile(final), Buffer.concat(pieces));
});

test('LIF.7: what the database of objects commits is on the disk', async (t) => {
  const database = openForWriting(join(await temporaryFolder(t), 'objects.db'));
  t.after(() => database.close());
  const FULL = 2;
  assert.deepEqual({ ...database.prepare('pragma synchronous').get() }, { synchronous: FULL });
  assert.deepEqual({ ...database.prepare('pragma journal_mode').get() }, { journal_mode: 'wal' });
});
