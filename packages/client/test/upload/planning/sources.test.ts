import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputsOf } from '../../../src/upload/planning/sources.ts';

test('paths are called by their base names, files by their own', async () => {
  const file = new File(['x'], 'chosen.txt');
  const inputs = await inputsOf(['docs/a.txt', '/b/c/', 'x\\y.md', file, { name: 'n', body: 'b' }]);
  assert.deepEqual(
    inputs.map(({ name }) => name),
    ['a.txt', 'c', 'y.md', 'chosen.txt', 'n'],
  );
  assert.deepEqual(inputs[0]?.body, { path: 'docs/a.txt' });
  assert.equal(inputs[3]?.body, file);
});

test('a file of a folder that was chosen is called by its path below the folder', async () => {
  const file = Object.assign(new File(['x'], 'march.md'), {
    webkitRelativePath: 'documents/minutes/march.md',
  });
  assert.equal((await inputsOf([file]))[0]?.name, 'minutes/march.md');
});

test('generators and lists without an iterator are sources as well', async () => {
  const made = async function* () {
    yield 'a';
    yield 'b';
  };
  assert.equal((await inputsOf(made())).length, 2);
  assert.equal((await inputsOf({ length: 1, 0: 'a' })).length, 1);
});

test('abort ends the wait for a generator that stalls', async () => {
  const reason = new Error('enough');
  const controller = new AbortController();
  const stalling = async function* () {
    yield 'a';
    setImmediate(() => controller.abort(reason));
    await new Promise(() => {});
    yield 'b';
  };
  await assert.rejects(inputsOf(stalling(), controller.signal), reason);
});
