import { uploadPrefix } from '../domain/object-keys.ts';
import { listAll } from './every-object.ts';
import type { Clock, ObjectStore, Store } from './ports.ts';

const BATCH = 100;

/** Removes what was uploaded after sessions had ended, once their forms have run out and nothing more can come. */
export const sweepLateUploads = async (
  { store, objects, clock }: { store: Store; objects: ObjectStore; clock: Clock },
  signal: AbortSignal,
): Promise<void> => {
  for (;;) {
    const sessions = await store.read.sessions.unswept(clock() - objects.lateness, BATCH);
    if (sessions.length === 0) return;
    for (const session of sessions) {
      signal.throwIfAborted();
      const workspace = await store.read.workspaces.byId(session.workspaceId);
      if (workspace) {
        const late = await listAll(objects, uploadPrefix(workspace.organizationId, workspace.id, session.id));
        await objects.delete(late.map((object) => object.key));
      }
      await store.write((tx) => tx.sessions.setSwept(session.id, clock()));
    }
  }
};
