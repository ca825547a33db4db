import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import { createClient, type NodeClient } from '@sluice/client/node';
import { freePort } from './free-port.ts';
import { startSluice } from './sluice-server.ts';

export type HaltingStore = {
  client: NodeClient;
  /** Settings of the command line. */
  env: { API_URL: string; API_KEY: string };
  /** From now on it lets so many forms through and answers no other; Infinity: all. */
  letThrough(forms: number): void;
  /** Lets the forms through that were left without an answer. */
  release(): void;
  /** Resolves once a form is left without an answer. */
  halted(): Promise<unknown>;
};

/**
 * A server whose object store is reached by a proxy that stops answering when told: so an upload can be caught at a
 * certain point, and go on later.
 */
export const startHaltingStore = async (): Promise<HaltingStore> => {
  const port = await freePort();
  let left = Number.POSITIVE_INFINITY;
  const held: (() => void)[] = [];
  const proxy = http.createServer((request, response) => {
    if (left <= 0) {
      held.push(() => pass(request, response));
      return void proxy.emit('halted');
    }
    left--;
    pass(request, response);
  });
  const pass = (request: http.IncomingMessage, response: http.ServerResponse) => {
    const { method, url, headers } = request;
    const onwards = http.request({ host: '127.0.0.1', port, method, path: url, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    onwards.on('error', () => response.destroy());
    request.pipe(onwards);
  };
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  after(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const { apiKey } = await startSluice({
    SLUICE_PORT: `${port}`,
    SLUICE_PUBLIC_URL: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
  });
  const baseUrl = `http://127.0.0.1:${port}`;
  return {
    client: createClient({ baseUrl, apiKey }),
    env: { API_URL: baseUrl, API_KEY: apiKey },
    letThrough: (forms) => {
      left = forms;
    },
    release: () => {
      for (const go of held.splice(0)) go();
    },
    halted: () => once(proxy, 'halted'),
  };
};
