import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testClock } from '../../../../../testing/objects/test-clock.ts';
import { HOUR } from '../../../src/domain/instant.ts';
import { MIN_SEAL_AGE } from '../../../src/objects/local/store.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openStore } from './open-store.ts';

test('a seal outlives the process, and is forgotten once no form can be left', async (t) => {
  const directory = await temporaryFolder(t);
  const { clock, advance } = testClock();
  const prefix = 'o/w/s/';
  const events = { drained: () => {}, failed: () => {} };
  let store = await openStore(t, directory, { clock });
  const upload = async (size: number) => {
    const one = store.begin({ key: `${prefix}a`, prefix }, events);
    one.write(Buffer.alloc(size));
    return one.commit();
  };
  const refused = { code: 'SESSION_ENDED' };

  await store.seal(prefix);
  await store.close();
  store = await openStore(t, directory, { clock });
  await assert.rejects(upload(10), refused);

  advance(MIN_SEAL_AGE - HOUR);
  await store.pruneSeals(clock());
  await assert.rejects(upload(10), refused, 'too early, whatever was asked for');
  advance(2 * HOUR);
  await store.pruneSeals(clock() - 2 * MIN_SEAL_AGE);
  await assert.rejects(upload(10), refused, 'not asked for');
  await store.pruneSeals(clock());
  assert.ok(await upload(10));
});
