import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { UploadForm } from '@sluice/contract';
import {
  createS3ObjectStore,
  type S3ObjectStoreOptions,
  type UploadRoad,
} from '../../../packages/server/src/objects/s3/store.ts';
import { createFormEndpoint } from '../../../packages/server/src/uploads/form/endpoint.ts';
import { testClock } from '../../../testing/objects/test-clock.ts';
import { services } from '../../../testing/production/services.ts';
import type { StoreAccess } from '../../../testing/services/store.ts';
import { testBucket } from './test-bucket.ts';

export type Road = UploadRoad['kind'];

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
  options?: Partial<S3ObjectStoreOptions>;
};

/** A store over a bucket of its own; on the relay road with our endpoint on a free port. All end with the test. */
export const openStore = async (
  t: TestContext,
  service: StoreAccess,
  { road = 'relay', endpoint = service.endpoint, mayUpload, options }: OpenOptions = {},
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
    uploadRoad:
      road === 'direct'
        ? { kind: 'direct', publicEndpoint: null }
        : { kind: 'relay', publicUrl, formSecret: null, ...(mayUpload && { mayUpload }) },
    ...options,
  });
  t.after(() => store.close());
  /** What stood behind answers of 500 and 503. */
  const failures: unknown[] = [];
  if (store.formUploads) {
    const handle = createFormEndpoint({
      uploads: store.formUploads,
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
  return { ...test, store, clock, advance, failures };
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
