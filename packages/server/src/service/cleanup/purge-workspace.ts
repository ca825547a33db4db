import { type Instant, SECOND } from '../../domain/instant.ts';
import { uploadPrefix, workspacePrefix } from '../../domain/object-keys.ts';
import { createPace } from '../breathe.ts';
import type { Clock } from '../ports/clock.ts';
import type { ObjectStore } from '../ports/objects.ts';
import type { Store } from '../ports/store.ts';
import type { Observer } from '../ports/telling.ts';
import type { DeletedWorkspace } from '../ports/workspaces.ts';

/** Rows that one transaction removes at most, and at least. */
const BATCH = 500;
const FEW = 100;

/** Whether a deleted workspace is to be purged: at once, and once more when nothing can be uploaded to it any longer. */
export const isPurgeDue = (workspace: DeletedWorkspace, now: Instant, lateness: number): boolean =>
  workspace.purgedAt === null || isFinal(workspace, now, lateness);

const isFinal = ({ lastExpiry }: DeletedWorkspace, now: Instant, lateness: number): boolean =>
  lateness === 0 || lastExpiry === null || lastExpiry + lateness <= now;

/**
 * Removes all that a deleted workspace held. Its row goes last, so that a crash anywhere leaves it to be found again.
 * Uploads end first and objects go before that row, so that none comes after; where uploads cannot be stopped, the row
 * stays until the last form has run out.
 */
export const createPurge =
  ({
    store,
    objects,
    clock,
    observer,
  }: {
    store: Store;
    objects: ObjectStore;
    clock: Clock;
    observer: Pick<Observer, 'purgeBegun' | 'purgeDone'>;
  }) =>
  async (workspaceId: string, organizationId: string, signal: AbortSignal): Promise<void> => {
    const begun = clock();
    const removed = { files: 0, objects: 0 };
    observer.purgeBegun(workspaceId);
    const tellDone = (final: boolean): void => {
      const seconds = (clock() - begun) / SECOND;
      observer.purgeDone({ workspaceId, ...removed, seconds, final });
    };
    for await (const sessionId of store.read.sessions.idsOfWorkspace(workspaceId)) {
      await objects.seal(uploadPrefix(organizationId, workspaceId, sessionId));
    }
    const pace = createPace(FEW, BATCH);
    const removeSome = async (size: number): Promise<number> => {
      const count = await store.write(async (tx) => {
        const files = await tx.files.some(workspaceId, size);
        await tx.files.remove(files);
        return files.length;
      }, 'batch');
      removed.files += count;
      return count;
    };
    do signal.throwIfAborted();
    while ((await pace(removeSome)) > 0);
    for (;;) {
      signal.throwIfAborted();
      const left = await objects.list(workspacePrefix(organizationId, workspaceId), { limit: BATCH });
      if (left.length === 0) break;
      await objects.delete(left.map((object) => object.key));
      removed.objects += left.length;
    }
    const now = clock();
    const workspace = (await store.read.workspaces.deleted()).find(({ id }) => id === workspaceId);
    if (workspace === undefined) return;
    if (!isFinal(workspace, now, objects.lateness)) {
      await store.write((tx) => tx.workspaces.setPurged(workspaceId, now), 'batch');
      tellDone(false);
      return;
    }
    for await (const sessionId of store.read.sessions.idsOfWorkspace(workspaceId)) {
      let gone = false;
      while (!gone) {
        signal.throwIfAborted();
        gone = await pace((size) =>
          store.write((tx) => tx.workspaces.removeSession(sessionId, size), 'batch'),
        );
      }
    }
    await store.write((tx) => tx.workspaces.remove(workspaceId), 'batch');
    tellDone(true);
  };
