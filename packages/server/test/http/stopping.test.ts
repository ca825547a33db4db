import assert from 'node:assert/strict';
import { test } from 'node:test';
import { postFile, startHarness, temporaryFolder } from '../harness.ts';

test('LIF.14: a stop lets uploads in flight finish, refuses others, and loses nothing it acknowledged', async (t) => {
  const directory = await temporaryFolder(t);
  const h = await startHarness(t, { directory });
  const { id, form } = await h.openSession();
  let accepted = 0;
  let refused = 0;
  const upload = async (n: number) => {
    for (let index = 0; index < 200; index++) {
      const answer = await postFile(form, `${n}-${index}`, 'x'.repeat(2000)).catch(() => undefined);
      if (answer?.status === 204) accepted += 1;
      else {
        refused += 1;
        assert.ok(answer === undefined || answer.status === 503, `${answer?.status}`);
        return;
      }
      if (n === 0 && index === 5) void h.close();
    }
  };
  await Promise.all([0, 1, 2, 3].map(upload));
  await h.close();
  assert.ok(accepted > 5 && refused === 4);
  const after = await startHarness(t, { directory });
  assert.ok((await after.ws('GET', `/upload_sessions/${id}`)).body.total_files >= accepted);
});
