import { setTimeout as pause } from 'node:timers/promises';
import { postFile } from '../../../testing/server/harness.ts';
import { API_KEY, callsOf } from '../faults/stage.ts';

/** How often each kind of request was answered as it should be, and what became of the others. */
export type Tally = { done: Map<string, number>; lost: string[] };

type Request = () => Promise<{ status: number; body?: unknown }>;

/** Milliseconds between two pieces of a slow body. */
const PIECE_EVERY = 150;

/**
 * Clients of every kind, one request after the other, until they are told to stop: reading, opening and closing sessions,
 * posting forms, uploads with large bodies and with slow ones, downloads.
 */
export const startLoad = async (url: string): Promise<{ stop: () => Promise<Tally> }> => {
  const tally: Tally = { done: new Map(), lost: [] };
  const { call, open, close, send } = callsOf(url);
  let isOver = false;
  let count = 0;

  const ask = async (kind: string, request: Request, wanted: number): Promise<void> => {
    const outcome = await request().then(
      ({ status, body }) => (status === wanted ? undefined : `${status} ${JSON.stringify(body)}`),
      (error: Error) => `${error.message}: ${error.cause}`,
    );
    if (outcome === undefined) tally.done.set(kind, (tally.done.get(kind) ?? 0) + 1);
    else tally.lost.push(`${kind}: ${outcome}`);
  };
  const repeat = async (work: () => Promise<void>): Promise<void> => {
    while (!isOver) await work();
  };
  const name = (): string => `file-${count++}.txt`;

  const { body: kept } = await send('kept.txt', 'x'.repeat(300_000));
  const { form } = await open();
  const large = 'x'.repeat(2_000_000);

  const clients = [
    () => ask('list', () => call('GET', '/files?limit=10'), 200),
    () => ask('list', () => call('GET', '/upload_sessions'), 200),
    () => ask('download', () => call('GET', `/files/${kept.file_id}`), 200),
    () => ask('form', () => postFile(form, name(), 'posted'), 204),
    () => ask('large form', () => postFile(form, name(), large), 204),
    () => ask('upload', () => send(name(), large), 201),
    () => ask('slow upload', () => sendSlowly(url, name()), 201),
    async () => {
      const opened = await call('POST', '/upload_sessions', {}).catch((error: Error) => error);
      await ask('session', async () => (opened instanceof Error ? Promise.reject(opened) : opened), 201);
      if (opened instanceof Error || opened.status !== 201) return;
      await ask('close', () => close(opened.body.session_id), 204);
    },
  ].map(repeat);

  return {
    stop: async () => {
      isOver = true;
      await Promise.all(clients);
      return tally;
    },
  };
};

/** A body that takes about a second to come. */
const sendSlowly = async (url: string, name: string): Promise<{ status: number; body?: unknown }> => {
  const head = `--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`;
  async function* pieces(): AsyncGenerator<Buffer> {
    yield Buffer.from(head);
    for (let piece = 0; piece < 7; piece++) {
      await pause(PIECE_EVERY);
      yield Buffer.from('slow ');
    }
    yield Buffer.from('\r\n--b--\r\n');
  }
  const response = await fetch(`${url}/api/v1/workspaces/default/files`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'multipart/form-data; boundary=b' },
    body: ReadableStream.from(pieces()),
    duplex: 'half',
  });
  return { status: response.status, body: await response.text() };
};
