import { HOUR } from '../domain/instant.ts';
import type { Clock, ObjectStore, Observer, Store } from './ports.ts';

const BATCH = 1000;

/** Longest an upload straight into the workspace may take before its object counts as abandoned. */
export const RESERVATION = 24 * HOUR;

/** How long an object rests that the store refuses to delete, be it for a lock, a policy or its name. */
const REST = HOUR;

/** Deletes the objects that no row needs any more. May run twice, and beside itself: deleting what is gone is fine. */
export const createGarbageCollector = ({
  store,
  objects,
  clock,
  observer,
}: {
  store: Store;
  objects: ObjectStore;
  clock: Clock;
  observer: Observer;
}) => {
  /**
   * Deletes what can be deleted, the others told from it by halves, which may take long: so `tell` hears of it first.
   * @returns the keys that are left
   * @throws where the store cannot be reached
   */
  const deleteMost = async (
    keys: string[],
    tell: (error: unknown) => void,
  ): Promise<{ left: string[]; cause?: unknown }> => {
    try {
      await objects.delete(keys);
      return { left: [] };
    } catch (cause) {
      await objects.ping();
      tell(cause);
      if (keys.length === 1) return { left: keys, cause };
      const half = Math.ceil(keys.length / 2);
      const [first, second] = [
        await deleteMost(keys.slice(0, half), () => {}),
        await deleteMost(keys.slice(half), () => {}),
      ];
      return { left: [...first.left, ...second.left], cause: first.cause ?? second.cause };
    }
  };

  return async (signal?: AbortSignal): Promise<void> => {
    for (;;) {
      signal?.throwIfAborted();
      const keys = await store.read.garbage.due(clock(), BATCH);
      if (keys.length === 0) return;
      const { left, cause } = await deleteMost(keys, (error) =>
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
};

const undeletable = (keys: readonly string[], cause: unknown): Error =>
  new Error(`${keys.length} objects cannot be deleted, one of them ${keys[0]}`, { cause });
