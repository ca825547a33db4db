import type { TestContext } from 'node:test';
import type { UploadForm } from '@sluice/contract';
import { pino } from 'pino';
import { type Server, startServer } from '../../../packages/server/src/app.ts';
import { SECOND } from '../../../packages/server/src/domain/instant.ts';
import { readConfig } from '../../../packages/server/src/settings/config.ts';
import { freshProductionSettings } from '../../../testing/production/production-services.ts';
import { services } from '../../../testing/production/services.ts';
import { type Answer, answerOf } from '../../../testing/server/harness.ts';

export const API_KEY = 'api_for_tests_only_0123456789';
const BASE = '/api/v1/workspaces/default';

/** A database and a bucket of their own, and what to start processes on them with. */
export const freshSettings = async (store: string, postgres?: string): Promise<Record<string, string>> => {
  const all = services();
  return {
    ...(await freshProductionSettings({
      postgres: postgres ?? all.postgres,
      stores: all.stores.filter(({ name }) => name === store),
    })),
    SLUICE_API_KEY: API_KEY,
    // On a busy machine, a test process that uploads has little time for its connections.
    SLUICE_DATABASE_CONNECT_SECONDS: '30',
  };
};

/** The stores that run, in turn; or the one that is asked for. */
export const storeAt = (index: number): string => {
  const { stores } = services();
  return process.env.SLUICE_TEST_STORE ?? (stores[index % stores.length]?.name as string);
};

/** Calls of the API at `url`, in the default workspace. */
export const callsOf = (url: string) => {
  const call = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const headers: Record<string, string> = { authorization: `Bearer ${API_KEY}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return answerOf(await fetch(`${url}${BASE}${path}`, { method, headers, ...sent }));
  };
  return {
    call,
    open: async (request: object = {}): Promise<{ id: string; form: UploadForm }> => {
      const { status, body } = await call('POST', '/upload_sessions', request);
      if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
      return { id: body.session_id, form: body.aws_prefixed_request_config };
    },
    close: (id: string) => call('PUT', `/upload_sessions/${id}`, { status: 'CLOSED' }),
    /** One file in one request. */
    send: async (name: string, content: string, query = ''): Promise<Answer> => {
      const form = new FormData();
      form.append('file', new Blob([content]), name);
      const headers = { authorization: `Bearer ${API_KEY}` };
      return answerOf(await fetch(`${url}${BASE}/files${query}`, { method: 'POST', headers, body: form }));
    },
  };
};

export type Stage = Awaited<ReturnType<typeof openStage>>;

/** A server in this process that answers the API, and works only once it is told to; its clock can be put forward. */
export const openStage = async (t: TestContext, settings: Record<string, string>) => {
  let ahead = 0;
  let last = 0;
  const clock = () => {
    last = Math.max(Date.now() * 1000 + ahead, last + 1);
    return last;
  };
  const start = async (work: boolean, others: Record<string, string> = {}): Promise<Server> => {
    t.signal.throwIfAborted(); // nobody would end what a test starts once its time is up
    const result = readConfig({ SLUICE_PORT: '0', ...settings, ...others });
    if ('problems' in result) throw new Error(result.problems.join('; '));
    const { config } = result;
    const log = pino({ level: process.env.TEST_LOG ?? 'silent' }, process.stderr);
    const server = await startServer({ config, log, version: 'test', clock, roles: { api: true, work } });
    let closing: Promise<void> | undefined;
    const { close } = server;
    server.close = () => {
      closing ??= close();
      return closing;
    };
    t.after(() => server.close());
    return server;
  };
  const server = await start(false);
  return {
    settings,
    server,
    ...callsOf(server.url),
    clock,
    advance: (seconds: number) => {
      ahead += seconds * SECOND;
    },
    /** A second server that works as well, some of its settings others. */
    work: (others?: Record<string, string>) => start(true, others),
  };
};

/** Everything there is to do, sweep included, until nothing is left. */
export const drain = async ({ jobs }: Server): Promise<void> => {
  for (let round = 0; round < 2; round++) {
    jobs.enqueue({ kind: 'sweep' });
    await jobs.idle();
  }
};
