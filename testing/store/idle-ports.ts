import type { TestContext } from 'node:test';
import { createInProcessQueue } from '../../packages/server/src/jobs/in-process.ts';
import { createLocalObjectStore } from '../../packages/server/src/objects/local/store.ts';
import { SILENT } from '../../packages/server/src/service/silent-observer.ts';
import { temporaryFolder } from '../server/harness.ts';

/** An object store and a queue that hands nothing out, for a test that calls a use case itself. No server is needed. */
export const idlePorts = async (t: TestContext) => {
  const objects = await createLocalObjectStore({
    directory: await temporaryFolder(t),
    bucket: 'bucket',
    publicUrl: () => 'http://127.0.0.1',
    clock: () => Date.now() * 1000,
  });
  t.after(() => objects.close());
  const jobs = createInProcessQueue(SILENT);
  return { objects, jobs };
};
