import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSluice } from '../../../testing/server/sluice-server.ts';
import { createClient } from '../src/node/index.ts';

test('CLI.1: a file that failed in an earlier session is sent again, one that finished is not', async () => {
  const client = createClient(await startSluice());
  const workspace = 'default';
  await client.uploadFiles(workspace, [{ name: 'taken.txt', body: 'old' }]);
  const inputs = ['taken.txt', 'free.txt'].map((name) => ({ name, body: 'new' }));
  const earlier = await client.uploadFiles(workspace, inputs, { writeMode: 'FAIL' });
  assert.deepEqual(
    earlier.results.map(({ status }) => status),
    ['failed', 'finished'],
  );

  const [sessionId = ''] = earlier.sessionIds;
  const again = await client.uploadFiles(workspace, inputs, {
    writeMode: 'OVERWRITE',
    resume: { sessionId },
  });
  assert.deepEqual(
    again.results.map(({ status }) => status),
    ['finished', 'finished'],
  );
  const names = (await Array.fromAsync(client.files.listAll(workspace))).map(({ name, size }) => [
    name,
    size,
  ]);
  assert.deepEqual(names.sort(), [
    ['free.txt', 3],
    ['taken.txt', 3],
  ]);
  assert.equal(again.results[1]?.fileId, earlier.results[1]?.fileId);
  const [taken] = again.results;
  const content = await client.files.content(workspace, taken?.fileId ?? '');
  assert.equal(await content.text(), 'new');
});
