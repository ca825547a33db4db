import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { inChunks } from '../../../../testing/objects/bytes.ts';
import { idlePorts } from '../../../../testing/store/idle-ports.ts';
import { openTemporaryStore } from '../../../../testing/store/open-sqlite-store.ts';
import { ORGANIZATION, prepareStore, SPACE, tokenOf, USER } from '../../../../testing/store/store-fixture.ts';
import type { Principal } from '../../src/domain/accounts/account.ts';
import { uploadPrefix } from '../../src/domain/object-keys.ts';
import { uuidOf } from '../../src/domain/uuid.ts';
import type { Job } from '../../src/service/ports/jobs.ts';
import { createUploadSessions } from '../../src/service/upload-sessions.ts';

const principalOf = (which: string, given: Partial<Principal['token']> = {}) =>
  ({
    token: tokenOf(which, given),
    user: { id: USER },
    organization: { id: ORGANIZATION, name: 'organization', pricingPlan: 1 },
  }) as Principal;

const ADMINISTRATOR = principalOf('administrator');

/** Sessions over a real store and real objects; their jobs are written down and not done. */
const setUp = async (t: TestContext, maxOpenSessions = 10) => {
  const { objects, forms, jobs } = await idlePorts(t);
  const store = await prepareStore(() => openTemporaryStore());
  const asked: Job[] = [];
  let made = 0;
  const sessions = createUploadSessions({
    store,
    objects,
    forms,
    jobs: { ...jobs, enqueue: (job) => void asked.push(job) },
    clock: () => 1000,
    newId: () => uuidOf(`session ${made++}`),
    maxOpenSessions,
    maxFilesPerSession: 10,
  });
  const open = async (principal = ADMINISTRATOR) => (await sessions.create(principal, SPACE, {})).session.id;
  return { objects, sessions, asked, open };
};

test('POL.12: once close has answered, no form puts anything into the session', async (t) => {
  const { objects, sessions, open } = await setUp(t);
  const [closed, other] = [await open(), await open()];
  const upload = (id: string) => {
    const prefix = uploadPrefix(ORGANIZATION, SPACE.id, id);
    const one = objects.begin({ key: `${prefix}a.txt`, prefix }, { drained: () => {}, failed: () => {} });
    one.write(Buffer.from('a'));
    return one.commit();
  };
  await upload(closed);
  await sessions.close(ADMINISTRATOR, SPACE, closed);
  await assert.rejects(upload(closed), { code: 'SESSION_ENDED' });
  await upload(other);
  const key = `${uploadPrefix(ORGANIZATION, SPACE.id, closed)}b.txt`;
  await objects.put(key, inChunks(Buffer.from('b'), 1));
  assert.equal(
    (await objects.count(uploadPrefix(ORGANIZATION, SPACE.id, closed))).files,
    2,
    'ours may go in',
  );
});

test('LIF.1: a session is closed once, and its ingestion asked for at once', async (t) => {
  const { sessions, asked, open } = await setUp(t);
  const id = await open();
  await sessions.close(ADMINISTRATOR, SPACE, id);
  assert.deepEqual(asked, [{ kind: 'ingest', sessionId: id }]);
  await assert.rejects(sessions.close(ADMINISTRATOR, SPACE, id), { code: 'ALREADY_CLOSED' });
  assert.equal((await sessions.get(ADMINISTRATOR, SPACE, id)).status, 'CLOSED');
});

test('LIF.2: a user has as many open sessions as the limit says', async (t) => {
  const { sessions, open } = await setUp(t, 2);
  const [first] = [await open(), await open()];
  await assert.rejects(open(), { code: 'TOO_MANY_OPEN_SESSIONS' });
  await sessions.close(ADMINISTRATOR, SPACE, first as string);
  await open();
});

test('a key that only uploads closes its own sessions, and there are no others for it', async (t) => {
  const { sessions, open } = await setUp(t);
  const [one, other] = ['one', 'other'].map((which) =>
    principalOf(which, { permissions: ['sessions:write'] }),
  ) as [Principal, Principal];
  const id = await open(one);
  await assert.rejects(sessions.close(other, SPACE, id), { code: 'NOT_FOUND' });
  await assert.rejects(sessions.get(other, SPACE, id), { code: 'NOT_FOUND' });
  await sessions.close(one, SPACE, id);
});
