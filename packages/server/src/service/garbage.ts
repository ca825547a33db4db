import { HOUR } from '../domain/instant.ts';
import type { Clock, ObjectStore, Store } from './ports.ts';

const BATCH = 1000;

/** Longest an upload straight into the workspace may take before its object counts as abandoned. */
export const RESERVATION = 24 * HOUR;

/** Deletes the objects that no row needs any more. May run twice, and beside itself: deleting what is gone is fine. */
export const createGarbageCollector =
  ({ store, objects, clock }: { store: Store; objects: ObjectStore; clock: Clock }) =>
  async (signal?: AbortSignal): Promise<void> => {
    for (;;) {
      signal?.throwIfAborted();
      const keys = await store.read.garbage.due(clock(), BATCH);
      if (keys.length === 0) return;
      await objects.delete(keys);
      await store.write((tx) => tx.garbage.remove(keys));
    }
  };
