import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { testClock } from '../../../../../testing/objects/test-clock.ts';
import { createS3ObjectStore, type S3ObjectStoreOptions } from '../../../src/objects/s3/store.ts';

export type FakeRequest = {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Buffer;
  headers: IncomingMessage['headers'];
};
export type FakeAnswer = { status: number; body?: string | Buffer; headers?: Record<string, string> };

/**
 * A store of which a test says what it answers; undefined for what it does itself: to keep, copy (without looking at
 * conditions), give and drop objects. For what no real server at hand would do.
 */
export const startFakeS3 = async (
  t: TestContext,
  answer: (request: FakeRequest) => FakeAnswer | undefined | Promise<FakeAnswer> = () => undefined,
  options: Partial<S3ObjectStoreOptions> = {},
) => {
  const objects = new Map<string, Buffer>();
  const requests: FakeRequest[] = [];

  const itself = ({ method, path, body, headers }: FakeRequest): FakeAnswer => {
    const key = decodeURIComponent(path.replace(/^\/[^/]+\//, ''));
    const source = headers['x-amz-copy-source'];
    if (method === 'PUT') {
      const bytes =
        source === undefined ? body : objects.get(decodeURIComponent(String(source).replace(/^[^/]+\//, '')));
      if (bytes === undefined) return error(404, 'NoSuchKey');
      objects.set(key, bytes);
      const ETag = etagOf(bytes);
      return source === undefined
        ? { status: 200, headers: { etag: ETag } }
        : { status: 200, body: `<CopyObjectResult><ETag>${ETag}</ETag></CopyObjectResult>` };
    }
    if (method === 'DELETE') {
      objects.delete(key);
      return { status: 204 };
    }
    if (method === 'POST') {
      for (const [, one] of body.toString().matchAll(/<Key>(.*?)<\/Key>/g)) objects.delete(one as string);
      return { status: 200, body: '<DeleteResult></DeleteResult>' };
    }
    const bytes = objects.get(key);
    if (bytes === undefined) return error(404, 'NoSuchKey');
    return { status: 200, body: bytes, headers: { etag: etagOf(bytes) } };
  };

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://fake');
      const { method = '', headers } = request;
      const asked = { method, path: pathname, query: searchParams, body: Buffer.concat(chunks), headers };
      requests.push(asked);
      const { status, body = '', headers: more } = (await answer(asked)) ?? itself(asked);
      response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...more });
      response.end(method === 'HEAD' ? undefined : body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = createS3ObjectStore({
    endpoint,
    region: 'us-east-1',
    accessKeyId: 'key',
    secretAccessKey: 'secret',
    forcePathStyle: true,
    bucket: 'bucket',
    clock: testClock().clock,
    attempts: 1,
    ...options,
  });
  t.after(async () => {
    await store.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { store, endpoint, objects, requests };
};

export const error = (status: number, code: string): FakeAnswer => ({
  status,
  body: `<Error><Code>${code}</Code><Message>${code}</Message></Error>`,
});

const etagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;
