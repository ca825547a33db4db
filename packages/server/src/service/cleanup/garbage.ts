import { HOUR } from '../../domain/instant.ts';
import type { ServiceContext } from '../context.ts';
import { deleteMost } from '../files/delete-most.ts';

const BATCH = 1000;

/** Longest an upload straight into the workspace may take before its object counts as abandoned. */
export const RESERVATION = 24 * HOUR;

/** How long an object rests that the store refuses to delete, be it for a lock, a policy or its name. */
const REST = HOUR;

/** Deletes the objects that no row needs any more. May run twice, and beside itself: deleting what is gone is fine. */
export const createGarbageCollector =
  ({ store, objects, clock, observer }: Pick<ServiceContext, 'store' | 'objects' | 'clock' | 'observer'>) =>
  async (signal?: AbortSignal): Promise<void> => {
    for (;;) {
      signal?.throwIfAborted();
      const keys = await store.read.garbage.due(clock(), BATCH);
      if (keys.length === 0) return;
      const { left, cause } = await deleteMost(objects, keys, (error) =>
        observer.tryFailed({ kind: 'collect_garbage' }, error),
      );
      const resting = new Set(left);
      await store.write(async (tx) => {
        await tx.garbage.remove(keys.filter((key) => !resting.has(key)));
        await tx.garbage.add(left, clock() + REST);
      }, 'batch');
      if (left.length > 0) observer.jobFailed({ kind: 'collect_garbage' }, undeletable(left, cause));
    }
  };

const undeletable = (keys: readonly string[], cause: unknown): Error =>
  new Error(`${keys.length} objects cannot be deleted, one of them ${keys[0]}`, { cause });
