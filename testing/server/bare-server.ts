import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** What a server saw of one request, its body read to the end. */
export type Seen = { method: string; url: string; headers: http.IncomingHttpHeaders; body: Buffer };

/** One answer: a status, a whole reply, or what to do with the connection. */
export type Answer =
  | number
  | { status: number; headers?: http.OutgoingHttpHeaders; body?: string }
  | 'drop' // end the connection without an answer
  | 'hang'; // never answer

/**
 * A server that misbehaves as told: request n gets answer n, the last answer is repeated. It stands for what lies
 * outside of Sluice, networks and object stores that fail; it never stands for Sluice.
 */
export const startBareServer = async (t: TestContext, answers: readonly Answer[]) => {
  const seen: Seen[] = [];
  const server = http.createServer(async (request, response) => {
    const answer = answers[Math.min(seen.length, answers.length - 1)] as Answer;
    const entry = { method: request.method ?? '', url: request.url ?? '', headers: request.headers };
    const index = seen.push({ ...entry, body: Buffer.alloc(0) }) - 1;
    try {
      const body = Buffer.concat(await request.toArray());
      seen[index] = { ...entry, body };
      give(answer, request, response);
    } catch {
      // the client hung up, which some tests are about
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
};

const give = (answer: Answer, request: IncomingMessage, response: ServerResponse): void => {
  if (answer === 'hang') return;
  if (answer === 'drop') return void request.socket.destroy();
  const { status, headers = {}, body = '' } = typeof answer === 'number' ? { status: answer } : answer;
  response.writeHead(status, headers).end(body);
};
