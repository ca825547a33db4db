import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { UploadForm } from '@sluice/contract';
import {
  createS3ObjectStore,
  type S3ObjectStoreOptions,
} from '../../../packages/server/src/objects/s3/store.ts';
import { derivedCredentials } from '../../../packages/server/src/uploads/derived-credentials.ts';
import { createDirectForms } from '../../../packages/server/src/uploads/direct-forms.ts';
import { createFormEndpoint } from '../../../packages/server/src/uploads/form/endpoint.ts';
import { createOwnForms } from '../../../packages/server/src/uploads/own-forms.ts';
import { checkKeyLength } from '../../../packages/server/src/uploads/post-policy/key-length.ts';
import { testClock } from '../../../testing/objects/test-clock.ts';
import { services } from '../../../testing/production/services.ts';
import type { StoreAccess } from '../../../testing/services/store.ts';
import { testBucket } from './test-bucket.ts';

export type Road = 'direct' | 'relay';

/** VersityGW keeps `${filename}` as it is and lets dots in a key leave its prefix, so its forms are of no use. */
const TAKES_NO_FORMS = new Set(['versitygw']);

/** Every store that is running, with each road that it can go. */
export const storesAndRoads = (): { service: StoreAccess; road: Road }[] =>
  services().stores.flatMap((service) => [
    { service, road: 'relay' as const },
    ...(TAKES_NO_FORMS.has(service.name) ? [] : [{ service, road: 'direct' as const }]),
  ]);

export type OpenOptions = {
  road?: Road;
  /** Another way to the store, such as a proxy. */
  endpoint?: string;
  mayUpload?: (prefix: string) => Promise<boolean>;
  /** What relayed forms are signed with, if not with the secret of the store's key. */
  formSecret?: string;
  options?: Partial<S3ObjectStoreOptions>;
};

/** A store over a bucket of its own; on the relay road with our endpoint on a free port. All end with the test. */
export const openStore = async (
  t: TestContext,
  service: StoreAccess,
  { road = 'relay', endpoint = service.endpoint, mayUpload, formSecret, options }: OpenOptions = {},
) => {
  const test = await testBucket(t, service);
  const { clock, advance } = testClock();
  let port = 0;
  const publicUrl = () => `http://127.0.0.1:${port}`;
  const store = createS3ObjectStore({
    endpoint,
    region: service.region,
    accessKeyId: service.accessKeyId,
    secretAccessKey: service.secretAccessKey,
    forcePathStyle: true,
    bucket: test.bucket,
    clock,
    ...(mayUpload && { mayUpload }),
    ...options,
  });
  t.after(() => store.close());
  const signing = { maxBytes: options?.maxSessionFileBytes ?? 5 * 1024 ** 3, clock };
  const own = createOwnForms({
    ...signing,
    credentials: derivedCredentials(formSecret ?? service.secretAccessKey),
    bucket: test.bucket,
    region: service.region,
    publicUrl,
  });
  const forms = road === 'relay' ? own : createDirectForms(store.formTarget(null), signing);
  /** What stood behind answers of 500 and 503. */
  const failures: unknown[] = [];
  if (road === 'relay') {
    const handle = createFormEndpoint({
      intake: store,
      verifyForm: own.verifyForm,
      checkName: checkKeyLength,
      bucket: test.bucket,
      publicUrl,
      clock,
      corsOrigins: '*',
      observer: { stored: () => {}, refused: () => {}, failed: (error) => failures.push(error) },
    });
    const server = createServer(handle);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
    t.after(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
  }
  return { ...test, store, forms, verifyForm: own.verifyForm, clock, advance, failures };
};

/** Posts a file with a form, its fields changed as told. */
export const postFile = async (
  form: UploadForm,
  filename: string,
  content: string | Buffer,
  fields: Record<string, string> = {},
): Promise<Response> => {
  const body = new FormData();
  for (const [name, value] of Object.entries({ ...form.fields, ...fields })) body.append(name, value);
  body.append('file', new Blob([new Uint8Array(Buffer.from(content))]), filename);
  return fetch(form.url, { method: 'POST', body });
};
