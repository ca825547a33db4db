import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { after } from 'node:test';

/**
 * A way to a server that lets only so much of every content through and then falls silent; `cut` ends the connections
 * that did. Until the tests of the calling file have run.
 */
export const startCuttingNetwork = async (destination: string) => {
  const silent = new Set<Socket>();
  const network = {
    url: '',
    bytes: Number.POSITIVE_INFINITY,
    ranges: [] as string[],
    cut: () => {
      for (const socket of silent) socket.destroy();
      silent.clear();
    },
  };
  const server = http.createServer((request, response) => {
    const { method, headers, url } = request;
    const isContent = method === 'GET' && /\/files\/[^/?]+$/.test(url ?? '');
    if (isContent) network.ranges.push(headers.range ?? 'all');
    const onward = http.request(destination + url, { method, headers, agent: false }, (reply) => {
      response.writeHead(reply.statusCode ?? 500, reply.headers);
      let left = isContent ? network.bytes : Number.POSITIVE_INFINITY;
      reply.on('data', (chunk: Buffer) => {
        const part = chunk.subarray(0, Math.min(left, chunk.length));
        left -= chunk.length;
        if (left >= 0) return void response.write(part);
        reply.destroy();
        response.write(part);
        silent.add(request.socket);
      });
      reply.on('end', () => response.end());
    });
    onward.on('error', () => request.socket.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  network.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return network;
};
