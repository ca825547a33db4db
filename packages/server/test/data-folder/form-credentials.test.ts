import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadFormCredentials } from '../../src/data-folder/form-credentials.ts';
import { HOUR } from '../../src/domain/instant.ts';
import { createOwnForms } from '../../src/uploads/own-forms.ts';
import { temporaryFolder } from '../objects/temporary-folder.ts';

const clock = () => 1_800_000_000_000_000;

const formsOf = async (path: string) =>
  createOwnForms({
    credentials: await loadFormCredentials(path),
    bucket: 'files',
    region: 'us-east-1',
    publicUrl: () => 'http://localhost',
    maxBytes: 1,
    clock,
  });

test('AUT.4: a secret of its own is made at the first start, readable by its owner alone, and kept', async (t) => {
  const [path, another] = await Promise.all(
    ['one', 'two'].map(async () => join(await temporaryFolder(t), 'form-credentials.json')),
  );
  assert.ok(path && another);
  const { fields } = await (await formsOf(path)).createUploadForm({
    prefix: 'o/',
    expiresAt: clock() + HOUR,
  });
  const { accessKeyId, secretAccessKey } = JSON.parse(await readFile(path, 'utf8'));
  assert.ok(fields['x-amz-credential']?.startsWith(`${accessKeyId}/`));
  assert.equal(Buffer.from(secretAccessKey, 'base64url').length, 32);
  assert.ok(!JSON.stringify(fields).includes(secretAccessKey));
  assert.equal((await stat(path)).mode & 0o777, 0o600);

  const sent = new Map(Object.entries(fields));
  assert.equal((await formsOf(path)).verifyForm(sent).keyPrefix, 'o/');
  const other = await formsOf(another);
  assert.throws(() => other.verifyForm(sent), { code: 'InvalidAccessKeyId' });
});

test('credentials that are damaged are refused, and not told', async (t) => {
  const path = join(await temporaryFolder(t), 'form-credentials.json');
  for (const text of [
    '',
    'null',
    '{}',
    '{"accessKeyId":"SLUICE0000000000","secretAccessKey":"short-secret"}',
    '{"secretAccessKey":"short-secret',
  ]) {
    await writeFile(path, text);
    await assert.rejects(loadFormCredentials(path), (error: Error) => {
      assert.match(error.message, /form-credentials\.json/);
      assert.ok(!error.message.includes('short-secret'));
      return true;
    });
  }
});
