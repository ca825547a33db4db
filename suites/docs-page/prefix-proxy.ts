import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** Passes what comes below `prefix` on to `target`, without the prefix or with it. @returns where it listens */
export const startPrefixProxy = async (
  prefix: string,
  target: string,
  passes: 'without' | 'with',
): Promise<{ port: number; close: () => void }> => {
  const server = http.createServer((request, response) => {
    const { method = 'GET', headers, url = '' } = request;
    if (!url.startsWith(`${prefix}/`)) return void response.writeHead(404).end();
    const path = passes === 'with' ? url : url.slice(prefix.length);
    const onward = http.request(target + path, { method, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
