import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { inChunks } from '../../../../../testing/objects/bytes.ts';
import { idlePorts } from '../../../../../testing/store/idle-ports.ts';
import { openTemporaryStore } from '../../../../../testing/store/open-sqlite-store.ts';
import { prepareStore, SPACE } from '../../../../../testing/store/store-fixture.ts';
import { HOUR } from '../../../src/domain/instant.ts';
import { uuidAt } from '../../../src/domain/uuid.ts';
import { RESERVATION } from '../../../src/service/cleanup/garbage.ts';
import { createSingleUploads } from '../../../src/service/files/single-uploads.ts';
import { createPutFiles } from '../../../src/service/put-files.ts';

const NOW = 1000;

const setUp = async (t: TestContext) => {
  const { objects, jobs } = await idlePorts(t);
  const store = await prepareStore(() => openTemporaryStore());
  let made = 0;
  const newId = () => uuidAt(NOW + made++);
  const clock = () => NOW;
  const uploads = createSingleUploads({
    ...{ store, objects, clock, newId, maxDirectFileBytes: 10 },
    jobs: { ...jobs, enqueue: () => {} },
    putFiles: createPutFiles({ clock, newId, temporaryFor: HOUR }),
  });
  const receive = (text: string) => uploads.receive(SPACE, inChunks(Buffer.from(text), 3), 'bytes');
  const add = (name: string, content: Awaited<ReturnType<typeof receive>>) =>
    uploads.add(SPACE, { name, writeMode: 'FAIL', metadata: {}, content });
  const dueAt = (now: number) => store.read.garbage.due(now, 100);
  return { uploads, receive, add, dueAt, keys: async () => await objects.list('', { limit: 100 }) };
};

test('LIF.7: what is received is garbage until it is a file, so that a crash leaves nothing for ever', async (t) => {
  const { uploads, receive, add, dueAt } = await setUp(t);
  const content = await receive('abc');
  assert.deepEqual(await dueAt(NOW + RESERVATION - 1), []);
  assert.deepEqual(await dueAt(NOW + RESERVATION), [content.key]);
  await add('a.txt', content);
  assert.deepEqual(await dueAt(NOW + RESERVATION), [], 'nobody takes its bytes away');

  const refused = await receive('def');
  await assert.rejects(add('a.txt', refused), { code: 'FILE_ALREADY_EXISTS' });
  await uploads.discard(refused);
  assert.deepEqual(await dueAt(NOW), [refused.key]);
});

test('a file may have as many bytes as the limit says, and a larger one leaves none', async (t) => {
  const { receive, keys } = await setUp(t);
  assert.equal((await receive('0123456789')).size, 10);
  await assert.rejects(receive('0123456789a'), { code: 'FILE_TOO_LARGE' });
  assert.equal((await keys()).length, 1);
});

test('NAM.1: a decomposed name is the composed one', async (t) => {
  const { receive, add } = await setUp(t);
  const name = 'Ga\u0308ste.txt';
  assert.equal((await add(name, await receive('a'))).name, name.normalize('NFC'));
  await assert.rejects(add(name.normalize('NFC'), await receive('b')), { code: 'FILE_ALREADY_EXISTS' });
});
