import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idlePorts } from '../../../../testing/store/idle-ports.ts';
import { openTemporaryStore } from '../../../../testing/store/open-sqlite-store.ts';
import { prepareStore, SPACE, sessionFileOf, sessionOf } from '../../../../testing/store/store-fixture.ts';
import type { Principal } from '../../src/domain/accounts/account.ts';
import type { ObjectStore } from '../../src/service/ports/objects.ts';
import { createUploadSessions } from '../../src/service/upload-sessions.ts';

test('LIF.15: a session that is listed while somebody looks is told as its rows have it', async (t) => {
  const { objects, forms, jobs } = await idlePorts(t);
  const store = await prepareStore(() => openTemporaryStore());
  t.after(() => store.close());
  const principal = { token: { role: 'ADMIN', permissions: null } } as Principal;
  const page = { limit: 10, pageNumber: null, before: null, after: null, status: null };
  for (const [which, look] of [
    ['count', 'get'],
    ['list', 'files'],
  ] as const) {
    const session = sessionOf(which, { closedAt: 1000 });
    await store.write((tx) => tx.sessions.insert(session), 'short');
    /** Ingestion lists the session, and has moved all of its objects when the store comes to look. */
    const ingest = async (): Promise<void> => {
      await store.write(async (tx) => {
        await tx.sessionFiles.insertMany([sessionFileOf(session, 1), sessionFileOf(session, 2)]);
        await tx.sessions.setListed(session.id, { at: 1100, orphanSidecars: [] });
      }, 'short');
    };
    const moving: ObjectStore = {
      ...objects,
      count: (prefix) => ingest().then(() => objects.count(prefix)),
      list: (prefix, part) => ingest().then(() => objects.list(prefix, part)),
    };
    const sessions = createUploadSessions({
      store,
      objects: moving,
      forms,
      jobs,
      clock: () => 2000,
      newId: () => '',
      maxOpenSessions: 10,
      maxFilesPerSession: 10,
    });
    const total =
      look === 'get'
        ? (await sessions.get(principal, SPACE, session.id)).totalFiles
        : (await sessions.files(principal, SPACE, session.id, page)).total;
    assert.equal(total, 2, look);
  }
});
