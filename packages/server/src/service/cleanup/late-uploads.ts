import { uploadPrefix } from '../../domain/object-keys.ts';
import type { ServiceContext } from '../context.ts';
import { listAll } from '../every-object.ts';
import type { ObjectStore } from '../ports/objects.ts';

const BATCH = 100;

/**
 * Removes what was uploaded after sessions had ended, once their forms have run out and nothing more can come. A session
 * whose uploads the object store does not let go of keeps no other from it; the first is told at once, and all stay.
 */
export const sweepLateUploads = async (
  { store, objects, clock, observer }: Pick<ServiceContext, 'store' | 'objects' | 'clock' | 'observer'>,
  signal: AbortSignal,
): Promise<void> => {
  const failed = new Map<string, unknown>();
  for (;;) {
    const unswept = await store.read.sessions.unswept(clock() - objects.lateness, BATCH + failed.size);
    const sessions = unswept.filter(({ id }) => !failed.has(id));
    if (sessions.length === 0) break;
    for (const session of sessions) {
      signal.throwIfAborted();
      const workspace = await store.read.workspaces.byId(session.workspaceId);
      try {
        if (workspace) await empty(objects, uploadPrefix(workspace.organizationId, workspace.id, session.id));
      } catch (error) {
        await objects.ping(); // rejects where the store is away: each of the others would fail as slowly
        if (failed.size === 0) observer.tryFailed({ kind: 'sweep' }, error);
        failed.set(session.id, error);
        continue;
      }
      await store.write((tx) => tx.sessions.setSwept(session.id, clock()), 'batch');
    }
  }
  const [first] = failed;
  if (first === undefined) return;
  const [id, cause] = first;
  throw new Error(`late uploads of ${failed.size} sessions cannot be removed, one of them ${id}`, { cause });
};

const empty = async (objects: Pick<ObjectStore, 'list' | 'delete'>, prefix: string): Promise<void> => {
  const late = await listAll(objects, prefix);
  await objects.delete(late.map((object) => object.key));
};
