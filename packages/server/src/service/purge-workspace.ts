import { uploadPrefix, workspacePrefix } from '../domain/object-keys.ts';
import type { ObjectStore, Store } from './ports.ts';

const BATCH = 500;

/**
 * Removes all that a deleted workspace held. Its row goes last, so that a crash anywhere leaves it to be found again.
 * Uploads end first and objects go before that row, so that none comes after.
 */
export const createPurge =
  ({ store, objects }: { store: Store; objects: ObjectStore }) =>
  async (workspaceId: string, organizationId: string, signal: AbortSignal): Promise<void> => {
    for (const sessionId of await store.read.sessions.idsOfWorkspace(workspaceId)) {
      await objects.seal(uploadPrefix(organizationId, workspaceId, sessionId));
    }
    for (;;) {
      signal.throwIfAborted();
      const files = await store.read.files.some(workspaceId, BATCH);
      if (files.length === 0) break;
      await store.write((tx) => tx.files.remove(files));
    }
    for (;;) {
      signal.throwIfAborted();
      const left = await objects.list(workspacePrefix(organizationId, workspaceId), { limit: BATCH });
      if (left.length === 0) break;
      await objects.delete(left.map((object) => object.key));
    }
    await store.write((tx) => tx.workspaces.remove(workspaceId));
  };
