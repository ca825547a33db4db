import assert from 'node:assert/strict';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { bytesOf, inChunks } from '../../../../../testing/objects/bytes.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openStore } from './open-store.ts';

test('what a store makes is for the eyes of its owner alone', async (t) => {
  const folder = await temporaryFolder(t);
  await openStore(t, folder);
  assert.equal((await stat(join(folder, 'objects.db'))).mode & 0o777, 0o600);
  for (const made of ['objects', 'objects/incoming']) {
    assert.equal((await stat(join(folder, made))).mode & 0o777, 0o700);
  }
});

test('a database of a later version is left alone', async (t) => {
  const directory = await temporaryFolder(t);
  await (await openStore(t, directory)).close();
  const database = new DatabaseSync(join(directory, 'objects.db'));
  database.exec('pragma user_version = 99');
  database.close();
  await assert.rejects(openStore(t, directory), /later version/);
});

test('bodies without the database that knows them are not taken for leftovers', async (t) => {
  const directory = await temporaryFolder(t);
  const store = await openStore(t, directory);
  await store.put('large', inChunks(bytesOf(200_000), 50_000));
  await store.close();
  await rm(join(directory, 'objects.db'));
  await assert.rejects(openStore(t, directory), /objects\.db is missing/);
  assert.equal((await readdir(join(directory, 'objects'))).length, 2);
});

test('a folder that is none stops the start', async (t) => {
  const directory = await temporaryFolder(t);
  await writeFile(join(directory, 'objects'), 'a file');
  await assert.rejects(openStore(t, directory));
});
