import assert from 'node:assert/strict';
import { test } from 'node:test';
import { postFile, startHarness } from '../../../../testing/server/harness.ts';

test('an object that is lost is counted once, however often its file is asked for', async (t) => {
  const h = await startHarness(t);
  const { file_id: id } = (await h.uploadFile('a.txt', 'a')).body;
  const lost = async (): Promise<string> => {
    const { body } = await h.call('GET', '/metrics', undefined);
    return /^sluice_lost_objects_total (\d+)$/m.exec(body)?.[1] ?? '';
  };
  assert.equal(await lost(), '0');
  const keys = (await h.server.objects.list('', { limit: 10 })).map(({ key }) => key);
  await h.server.objects.delete(keys);
  for (let time = 0; time < 3; time++) assert.equal((await h.ws('GET', `/files/${id}`)).status, 404);
  assert.equal(await lost(), '1');
  assert.equal((await h.ws('GET', `/files/${id}/meta`)).status, 200, 'the row is there');

  const session = await h.openSession();
  await postFile(session.form, 'b.txt', 'b');
  await postFile(session.form, 'b.txt.meta.json', '{}');
  await postFile(session.form, 'c.txt', 'c');
  const { list } = h.server.objects;
  // Gone between the listing and the move, as by another's hand.
  h.server.objects.list = async (prefix, page) => {
    const listed = await list(prefix, page);
    await h.server.objects.delete(listed.map(({ key }) => key));
    return listed;
  };
  await h.ws('PUT', `/upload_sessions/${session.id}`, {});
  await h.drain();
  assert.equal(await lost(), '3', 'a sidecar, and a file');
});
