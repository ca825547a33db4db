import type { TestContext } from 'node:test';
import { createInProcessQueue } from '../../packages/server/src/jobs/in-process.ts';
import { createLocalObjectStore } from '../../packages/server/src/objects/local/store.ts';
import { SILENT } from '../../packages/server/src/service/silent-observer.ts';
import { derivedCredentials } from '../../packages/server/src/uploads/derived-credentials.ts';
import { createOwnForms } from '../../packages/server/src/uploads/own-forms.ts';
import { temporaryFolder } from '../server/harness.ts';

/** An object store, forms for it, and a queue that hands nothing out, for a test that calls a use case itself. No server is needed. */
export const idlePorts = async (t: TestContext) => {
  const objects = await createLocalObjectStore({
    directory: await temporaryFolder(t),
    clock: () => Date.now() * 1000,
  });
  t.after(() => objects.close());
  const jobs = createInProcessQueue(SILENT);
  const forms = createOwnForms({
    credentials: derivedCredentials('secret'),
    bucket: 'bucket',
    region: 'us-east-1',
    publicUrl: () => 'http://127.0.0.1',
    maxBytes: 1000,
    clock: () => Date.now() * 1000,
  });
  return { objects, forms, jobs };
};
