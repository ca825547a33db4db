import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';

/** What one try to send an object meets. A number is answered without the object having arrived. */
export type Trouble =
  | 'none'
  | 'is dropped'
  | 'loses its answer' // it has arrived
  | 'stalls'
  | { status: number; code?: string; retryAfter?: string };

/** What was seen of one object. */
export type Seen = { tries: number; acknowledged: number; triedAfterwards: number };

/**
 * A way to a server on which forms meet what `troubleOf` says for the object's name and try, from 1; all else passes.
 * Until the tests of the calling file have run.
 */
export const startMisbehavingStore = async (troubleOf: (name: string, attempt: number) => Trouble) => {
  const network = { url: '', leadsTo: '', seen: new Map<string, Seen>() };
  const agent = new http.Agent({ keepAlive: true });

  const pass = (request: IncomingMessage, body: Buffer, use: (reply: IncomingMessage) => void) => {
    const { method, headers, url } = request;
    const onward = http.request(network.leadsTo + url, { method, headers, agent }, use);
    onward.on('error', () => request.socket.destroy());
    onward.end(body);
  };

  const sendForm = (request: IncomingMessage, response: ServerResponse, body: Buffer) => {
    const sent = /name="file"; filename="([^"]*)"/.exec(body.toString('latin1'))?.[1] ?? '';
    const name = decodeURIComponent(sent);
    const seen = network.seen.get(name) ?? { tries: 0, acknowledged: 0, triedAfterwards: 0 };
    network.seen.set(name, seen);
    seen.tries++;
    if (seen.acknowledged > 0) seen.triedAfterwards++;
    const trouble = troubleOf(name, seen.tries);
    if (trouble === 'is dropped') return void request.socket.destroy();
    if (trouble === 'stalls') return;
    if (typeof trouble === 'object') {
      const { status, code, retryAfter } = trouble;
      response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter });
      return void response.end(code ? `<Error><Code>${code}</Code></Error>` : '');
    }
    pass(request, body, (reply) => {
      if (trouble === 'loses its answer') return reply.resume().on('end', () => request.socket.destroy());
      // Whoever has gone by then does not learn of it.
      if ((reply.statusCode ?? 500) < 300 && !request.socket.destroyed) seen.acknowledged++;
      reply.pipe(response.writeHead(reply.statusCode ?? 500, reply.headers));
    });
  };

  const server = http.createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    if (request.method === 'POST' && !request.url?.startsWith('/api/'))
      return sendForm(request, response, body);
    pass(request, body, (reply) => reply.pipe(response.writeHead(reply.statusCode ?? 500, reply.headers)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  network.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return network;
};
