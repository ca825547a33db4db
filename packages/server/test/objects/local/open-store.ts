import type { TestContext } from 'node:test';
import { testClock } from '../../../../../testing/objects/test-clock.ts';
import {
  createLocalObjectStore,
  type LocalObjectStore,
  type LocalObjectStoreOptions,
} from '../../../src/objects/local/store.ts';

/** A store on a folder, closed with the test at the latest. */
export const openStore = async (
  t: TestContext,
  directory: string,
  options: Partial<LocalObjectStoreOptions> = {},
): Promise<LocalObjectStore> => {
  const store = await createLocalObjectStore({
    directory,
    clock: testClock().clock,
    ...options,
  });
  t.after(() => store.close());
  return store;
};
