import http from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { after } from 'node:test';

/** A proxy as companies have them, until the tests of the calling file have run. */
export type SmallProxy = {
  host: string;
  /** What came: `GET http://…` of what it passes on itself, `CONNECT host:port` of tunnels. */
  asked: string[];
};

/** @param credentials `name:password` that it wants; nothing where absent */
export const startSmallProxy = async (credentials?: string): Promise<SmallProxy> => {
  const asked: string[] = [];
  const tunnels = new Set<Socket>();
  const agent = new http.Agent({ keepAlive: true });
  const isKnown = ({ headers }: http.IncomingMessage) =>
    credentials === undefined ||
    headers['proxy-authorization'] === `Basic ${Buffer.from(credentials).toString('base64')}`;

  const server = http.createServer((request, response) => {
    const { method, url = '', headers } = request;
    asked.push(`${method} ${url}`);
    if (!isKnown(request)) return void response.writeHead(407).end('Who are you?');
    const onward = http.request(url, { method, headers, agent }, (reply) =>
      reply.pipe(response.writeHead(reply.statusCode ?? 500, reply.headers)),
    );
    onward.on('error', () => response.writeHead(502).end());
    request.pipe(onward);
  });
  server.on('connect', (request, client: Socket) => {
    asked.push(`CONNECT ${request.url}`);
    if (!isKnown(request)) return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const [host, port] = (request.url ?? '').split(':');
    const onward = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      client.pipe(onward).pipe(client);
    });
    for (const [one, other] of [
      [client, onward],
      [onward, client],
    ] as const) {
      tunnels.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    agent.destroy();
    for (const socket of tunnels) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
};
