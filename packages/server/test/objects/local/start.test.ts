import assert from 'node:assert/strict';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { bytesOf, inChunks } from '../../../../../testing/objects/bytes.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openStore } from './open-store.ts';

test('AUT.4: a secret of its own is made at the first start, readable by its owner alone, and kept', async (t) => {
  const [one, two] = [await temporaryFolder(t), await temporaryFolder(t)];
  const path = join(one, 'form-credentials.json');
  const request = { prefix: 'o/', expiresAt: 2_000_000_000_000_000 };
  const store = await openStore(t, one);
  const { fields } = await store.createUploadForm(request);
  const { accessKeyId, secretAccessKey } = JSON.parse(await readFile(path, 'utf8'));
  assert.ok(fields['x-amz-credential']?.startsWith(`${accessKeyId}/`));
  assert.equal(Buffer.from(secretAccessKey, 'base64url').length, 32);
  assert.ok(!JSON.stringify(fields).includes(secretAccessKey));
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal((await stat(join(one, 'objects.db'))).mode & 0o777, 0o600);
  for (const folder of ['objects', 'objects/incoming']) {
    assert.equal((await stat(join(one, folder))).mode & 0o777, 0o700);
  }
  await store.close();

  const again = await openStore(t, one);
  assert.ok(again.verifyForm(new Map(Object.entries(fields))));
  const other = await openStore(t, two);
  assert.throws(() => other.verifyForm(new Map(Object.entries(fields))), { code: 'InvalidAccessKeyId' });
});

test('credentials that are damaged stop the start, and are not told', async (t) => {
  const directory = await temporaryFolder(t);
  const path = join(directory, 'form-credentials.json');
  for (const text of [
    '',
    'null',
    '{}',
    '{"accessKeyId":"SLUICE0000000000","secretAccessKey":"short-secret"}',
    '{"secretAccessKey":"short-secret',
  ]) {
    await writeFile(path, text);
    await assert.rejects(openStore(t, directory), (error: Error) => {
      assert.match(error.message, /form-credentials\.json/);
      assert.ok(!error.message.includes('short-secret'));
      return true;
    });
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
