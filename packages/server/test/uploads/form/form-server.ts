import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { UploadForm } from '@sluice/contract';
import { testClock } from '../../../../../testing/objects/test-clock.ts';
import { loadFormCredentials } from '../../../src/data-folder/form-credentials.ts';
import { HOUR } from '../../../src/domain/instant.ts';
import { createLocalObjectStore, type LocalObjectStoreOptions } from '../../../src/objects/local/store.ts';
import { createFormEndpoint } from '../../../src/uploads/form/endpoint.ts';
import type { FormEndpointOptions } from '../../../src/uploads/form/form-context.ts';
import { createOwnForms } from '../../../src/uploads/own-forms.ts';
import { checkNameLength } from '../../../src/uploads/post-policy/key-length.ts';
import { temporaryFolder } from '../../objects/temporary-folder.ts';

export const BUCKET = 'files-of.tests';
export const PREFIX = 'o/w/upload_sessions/s/';

export type FormServerOptions = {
  directory?: string;
  store?: Partial<LocalObjectStoreOptions>;
  /** The largest file that forms admit, in bytes. */
  maxBytes?: number;
  endpoint?: Partial<FormEndpointOptions>;
};

/** A store and its form endpoint behind an HTTP server on a free port, all ending with the test. */
export const startFormServer = async (t: TestContext, options: FormServerOptions = {}) => {
  const directory = options.directory ?? (await temporaryFolder(t));
  const { clock, advance } = testClock();
  let port = 0;
  const publicUrl = () => `http://127.0.0.1:${port}`;
  const store = await createLocalObjectStore({ directory, clock, ...options.store });
  t.after(() => store.close());
  const forms = createOwnForms({
    credentials: await loadFormCredentials(join(directory, 'form-credentials.json')),
    bucket: BUCKET,
    region: 'us-east-1',
    publicUrl,
    maxBytes: options.maxBytes ?? 5 * 1024 ** 3,
    clock,
  });
  /** Outcomes the endpoint told, in order. */
  const told: (string | number)[] = [];
  const failures: unknown[] = [];
  const handle = createFormEndpoint({
    intake: store,
    verifyForm: forms.verifyForm,
    checkName: checkNameLength,
    bucket: BUCKET,
    publicUrl,
    clock,
    corsOrigins: [],
    observer: {
      stored: (bytes) => told.push(bytes),
      refused: (code) => told.push(code),
      failed: (error) => failures.push(error),
    },
    ...options.endpoint,
  });
  const server = await listen(t, handle);
  port = (server.address() as AddressInfo).port;
  const newForm = (prefix = PREFIX): Promise<UploadForm> =>
    forms.createUploadForm({ prefix, expiresAt: clock() + HOUR });
  return {
    directory,
    store,
    forms,
    server,
    port,
    clock,
    advance,
    told,
    failures,
    newForm,
    form: await newForm(),
    /** Keys in the store, the usual prefix taken off. */
    names: async () => (await store.list('', { limit: 10_000 })).map(({ key }) => key.replace(PREFIX, '')),
  };
};

export type FormServer = Awaited<ReturnType<typeof startFormServer>>;

const listen = async (t: TestContext, handle: RequestListener): Promise<Server> => {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return server;
};
