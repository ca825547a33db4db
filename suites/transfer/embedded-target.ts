import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createLocalObjectStore } from '../../packages/server/src/objects/local/store.ts';
import type { ObjectStore } from '../../packages/server/src/service/ports/objects.ts';
import type { Store } from '../../packages/server/src/service/ports/store.ts';
import { openSqliteStore } from '../../packages/server/src/store/sqlite/store.ts';
import { systemClock } from '../../packages/server/src/system-clock.ts';

/** A target without services: the transfer knows it by its ports alone. */
export const openEmbeddedTarget = async (
  t: TestContext,
  directory: string,
): Promise<{ store: Store; objects: ObjectStore; close: () => Promise<void> }> => {
  const objects = await createLocalObjectStore({
    directory,
    clock: systemClock(),
  });
  const store = await openSqliteStore(join(directory, 'sluice.db'));
  let closing: Promise<unknown> | undefined;
  const close = async () => {
    closing ??= Promise.all([objects.close(), store.close()]);
    await closing;
  };
  t.after(close);
  return { store, objects, close };
};
