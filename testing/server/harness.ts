import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeFileName, type UploadForm } from '@sluice/contract';
import pino from 'pino';
import { type Server, startServer } from '../../packages/server/src/app.ts';
import type { Instant } from '../../packages/server/src/domain/instant.ts';
import { SECOND } from '../../packages/server/src/domain/instant.ts';
import { readConfig } from '../../packages/server/src/settings/config.ts';

export const API_KEY = 'api_for_tests_only_0123456789';

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into, not typed
export type Answer = { status: number; headers: Headers; body: any };

export type Harness = Awaited<ReturnType<typeof startHarness>>;

/** A test, or a file of tests: whatever ends. */
type Ending = { after(end: () => Promise<void>): void };

export type HarnessOptions = {
  directory?: string;
  env?: Record<string, string>;
  /** Microseconds that the server's clock is ahead of the machine's. */
  ahead?: number;
  /** false: nothing is done but what is asked for. */
  work?: boolean;
};

/** Whether the services of a production server are there: then tests run on those. */
export const IN_PRODUCTION = process.env.SLUICE_TEST_SERVICES !== undefined;

/** A database and a bucket take the place of each folder. */
const inPlaceOf = new Map<string, Promise<Record<string, string>>>();

const freshSettings = async () =>
  (await import('../production/production-services.ts')).freshProductionSettings();

const storageSettings = async (directory: string): Promise<Record<string, string>> => {
  if (!IN_PRODUCTION) return { SLUICE_DATA_DIR: directory };
  const settings = inPlaceOf.get(directory) ?? freshSettings();
  inPlaceOf.set(directory, settings);
  return settings;
};

/** A server with data of its own, listening on a free port, that ends with the test. */
export const startHarness = async (t: Ending, options: HarnessOptions = {}) => {
  const directory = options.directory ?? (await temporaryFolder(t));
  const storage = await storageSettings(directory);
  const result = readConfig({
    ...storage,
    SLUICE_PORT: '0',
    SLUICE_API_KEY: API_KEY,
    SLUICE_LOG_LEVEL: 'silent',
    ...options.env,
  });
  if ('problems' in result) throw new Error(result.problems.join('; '));
  let ahead = options.ahead ?? 0;
  let last: Instant = 0;
  const clock = () => {
    last = Math.max(Date.now() * 1000 + ahead, last + 1);
    return last;
  };
  const server: Server = await startServer({
    config: result.config,
    log: pino({ level: process.env.TEST_LOG ?? 'silent' }, process.stderr),
    version: '0.0.0-test',
    clock,
    roles: { api: true, work: options.work ?? true },
  });
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= server.close();
    return closing;
  };
  t.after(close);

  const call = async (
    method: string,
    path: string,
    body?: unknown,
    key: string | null = API_KEY,
  ): Promise<Answer> => {
    const headers: Record<string, string> = {};
    if (key !== null) headers.authorization = `Bearer ${key}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const response = await fetch(server.url + path, {
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return answerOf(response);
  };

  return {
    server,
    directory,
    /** Where forms lead: to the embedded store, past this server to a bucket, or through it to a bucket. */
    road: storage.SLUICE_S3_UPLOADS ?? 'embedded',
    /** What forms give as their URL. */
    formUrl: `${storage.SLUICE_S3_UPLOADS === 'direct' ? storage.SLUICE_S3_ENDPOINT : server.url}/${result.config.storage.bucket}/`,
    /** What another process needs to work on the same data. */
    storageSettings: storage,
    close,
    call,
    clock,
    /** Lets time pass for the server. */
    advance: (seconds: number) => {
      ahead += seconds * SECOND;
    },
    /** Runs everything there is to do, sweep included, until nothing is left. */
    drain: async () => {
      await server.jobs.idle(); // a sweep that is in hand may have looked already
      server.jobs.enqueue({ kind: 'sweep' });
      await server.jobs.idle();
      server.jobs.enqueue({ kind: 'sweep' });
      await server.jobs.idle();
    },
    /** The call inside the default workspace. */
    ws: (method: string, path: string, body?: unknown) =>
      call(method, `/api/v1/workspaces/default${path}`, body),
    openSession: async (request: object = {}, workspace = 'default') => {
      const created = await call('POST', `/api/v1/workspaces/${workspace}/upload_sessions`, request);
      if (created.status !== 201) throw new Error(`${created.status} ${JSON.stringify(created.body)}`);
      return {
        id: created.body.session_id as string,
        form: created.body.aws_prefixed_request_config as UploadForm,
      };
    },
    /** A single upload. */
    uploadFile: async (name: string, content: string, meta: object | null = null, query = '') => {
      const form = new FormData();
      form.append('file', new Blob([content]), name);
      if (meta) form.append('meta', JSON.stringify(meta));
      const response = await fetch(`${server.url}/api/v1/workspaces/default/files${query}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${API_KEY}` },
        body: form,
      });
      return answerOf(response);
    },
  };
};

export const answerOf = async (response: Response): Promise<Answer> => {
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') && text !== '';
  return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
};

/** POSTs one file with a form, as a client does: the name percent-encoded once. */
export const postFile = async (
  form: UploadForm,
  name: string,
  content: string | Uint8Array,
): Promise<Answer> => {
  const body = new FormData();
  for (const [field, value] of Object.entries(form.fields)) body.append(field, value);
  body.append('file', new Blob([content as string]), encodeFileName(name));
  return answerOf(await fetch(form.url, { method: 'POST', body }));
};

export const temporaryFolder = async (t: Ending): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-test-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
};
