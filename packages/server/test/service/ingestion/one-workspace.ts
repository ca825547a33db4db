import type { TestContext } from 'node:test';
import { inChunks } from '../../../../../testing/objects/bytes.ts';
import { idlePorts } from '../../../../../testing/store/idle-ports.ts';
import { openTemporaryStore } from '../../../../../testing/store/open-sqlite-store.ts';
import { ORGANIZATION, prepareStore, SPACE, sessionOf } from '../../../../../testing/store/store-fixture.ts';
import { HOUR } from '../../../src/domain/instant.ts';
import { uploadPrefix } from '../../../src/domain/object-keys.ts';
import { uuidAt } from '../../../src/domain/uuid.ts';
import { createIngestion } from '../../../src/service/ingestion/ingest.ts';
import type { ObjectStore } from '../../../src/service/ports/objects.ts';
import { createPutFiles } from '../../../src/service/put-files.ts';
import { SILENT } from '../../../src/service/silent-observer.ts';

/** Ended sessions of one workspace, over a real store and real objects, and what takes them in when it is called. */
export const oneWorkspace = async (t: TestContext) => {
  const { objects, jobs } = await idlePorts(t);
  const store = await prepareStore(() => openTemporaryStore());
  let now = 2000;
  const clock = () => now++;
  const prefixOf = (id: string) => uploadPrefix(ORGANIZATION, SPACE.id, id);
  const put = (id: string, name: string, text = name) =>
    objects.put(prefixOf(id) + name, inChunks(Buffer.from(text), 100));
  return {
    store,
    objects,
    put,
    end: async (which: string, at: number, names: readonly string[], parallelProcessingEnabled = false) => {
      const session = sessionOf(which, { closedAt: at, endedAt: at, parallelProcessingEnabled });
      await store.write((tx) => tx.sessions.insert(session), 'short');
      for (const name of names) await put(session.id, name);
      return session.id;
    },
    /** @param spoil what stands between it and the objects */
    ingestion: (spoil: Partial<ObjectStore> = {}) => {
      const ingest = createIngestion({
        ...{ store, clock, observer: SILENT, batchSize: 1, maxFilesPerSession: 100 },
        objects: { ...objects, ...spoil },
        jobs: { ...jobs, enqueue: () => {} },
        putFiles: createPutFiles({ clock, newId: () => uuidAt(now++), temporaryFor: HOUR }),
      });
      return (id: string) => ingest(id, new AbortController().signal);
    },
    outcomes: async (sessionId: string) => {
      const page = { limit: 100, pageNumber: 1, before: null, after: null, status: null };
      const rows = (await store.read.sessionFiles.list({ ...page, sessionId }))?.rows ?? [];
      return rows.map(({ name, status, reason }) => `${name} ${reason ?? status}`);
    },
  };
};
