import http, { type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';

/** What becomes of a request on its way: it passes, is lost, or its answer is; or somebody else answers 503. */
export type Fate = 'passes' | 'is lost' | 'loses its answer' | 'meets 503';

/**
 * A way to a server on which requests meet the fates that `fateOf` says, until the tests of the calling file have run.
 * `lead` has to be called with the address it leads to before the first request.
 */
export const startFaultyNetwork = async (fateOf: (request: IncomingMessage) => Fate) => {
  let destination = '';
  const met: Record<Fate, number> = { passes: 0, 'is lost': 0, 'loses its answer': 0, 'meets 503': 0 };
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer((request, response) => {
    const fate = fateOf(request);
    met[fate]++;
    if (fate === 'is lost') return void request.socket.destroy();
    if (fate === 'meets 503') {
      request.resume().on('end', () => response.writeHead(503, { 'retry-after': '0' }).end());
      return;
    }
    const { method, headers, url } = request;
    const onward = http.request(destination + url, { method, headers, agent }, (reply) => {
      if (fate === 'passes') return reply.pipe(response.writeHead(reply.statusCode ?? 500, reply.headers));
      reply.resume().on('end', () => request.socket.destroy());
    });
    onward.on('error', () => request.socket.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    met,
    lead: (to: string) => {
      destination = to;
    },
  };
};
