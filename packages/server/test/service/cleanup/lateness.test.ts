import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { inChunks } from '../../../../../testing/objects/bytes.ts';
import { idlePorts } from '../../../../../testing/store/idle-ports.ts';
import { openTemporaryStore } from '../../../../../testing/store/open-sqlite-store.ts';
import { ORGANIZATION, prepareStore, SPACE, sessionOf } from '../../../../../testing/store/store-fixture.ts';
import { HOUR, type Instant } from '../../../src/domain/instant.ts';
import { uploadPrefix } from '../../../src/domain/object-keys.ts';
import { sweepLateUploads } from '../../../src/service/cleanup/late-uploads.ts';
import { findUnknownObjects } from '../../../src/service/cleanup/unknown-objects.ts';
import { SILENT } from '../../../src/service/silent-observer.ts';

/** Later than whatever the store of objects says of the time of an upload. */
const END: Instant = 8 * 10 ** 15;

/** An ingested session that something was uploaded to after it had ended, in a store that cannot call forms back. */
const setUp = async (t: TestContext) => {
  const { objects: local } = await idlePorts(t);
  const objects = { ...local, lateness: HOUR };
  const store = await prepareStore(() => openTemporaryStore());
  const session = sessionOf('s', { expiresAt: END, closedAt: 50, endedAt: 50, listedAt: 55, ingestedAt: 60 });
  await store.write((tx) => tx.sessions.insert(session), 'short');
  const key = `${uploadPrefix(ORGANIZATION, SPACE.id, session.id)}late.txt`;
  const upload = () => objects.put(key, inChunks(Buffer.from('late'), 10));
  await upload();
  const sweepAt = (now: Instant) =>
    sweepLateUploads({ store, objects, clock: () => now, observer: SILENT }, new AbortController().signal);
  const unknownAt = async (now: Instant) => {
    const found = await findUnknownObjects({ store, objects, clock: () => now }, { grace: 0, limit: 10 });
    return found.unknown.map((one) => one.key);
  };
  const isThere = async () => (await objects.list('', { limit: 10 })).length === 1;
  return { key, upload, sweepAt, unknownAt, isThere };
};

test('late uploads go when no form can bring another one, not before', async (t) => {
  const { sweepAt, isThere } = await setUp(t);
  for (const early of [END, END + HOUR - 1]) {
    await sweepAt(early);
    assert.equal(await isThere(), true);
  }
  await sweepAt(END + HOUR);
  assert.equal(await isThere(), false);
});

test('LIF.13: an upload is one that no row knows only after its session has been swept', async (t) => {
  const { key, upload, sweepAt, unknownAt } = await setUp(t);
  const LATE = END + HOUR + 1;
  assert.deepEqual(await unknownAt(LATE), []);
  await sweepAt(LATE);
  await upload();
  assert.deepEqual(await unknownAt(END + HOUR), [], 'a form may have brought it');
  assert.deepEqual(await unknownAt(LATE), [key]);
});
