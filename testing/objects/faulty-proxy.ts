import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is done with one request. */
export type Fault =
  /** It goes through. */
  | 'pass'
  /** The connection is reset before anything is passed on. */
  | 'reset'
  /** The request goes through, its answer is lost: the connection is reset in place of it. */
  | 'lose_answer'
  /** Half of the answer's body arrives, then the connection is reset. */
  | 'cut_answer'
  /** Nothing is passed on and nothing answered. */
  | 'hang'
  /** Answered by the proxy itself. */
  | { status: number; body?: string; headers?: Record<string, string> };

export type ProxiedRequest = { method: string; url: string; headers: IncomingMessage['headers'] };

export type FaultyProxyOptions = {
  /** Milliseconds every request waits before it is passed on. */
  latencyMs?: number;
  rule?: (request: ProxiedRequest) => Fault;
};

export type FaultyProxy = {
  /** `http://127.0.0.1:port` */
  url: string;
  /** Requests that have come so far. */
  count(): number;
  /** Other rules from now on. */
  set(options: FaultyProxyOptions): void;
  close(): Promise<void>;
};

/** S3's answer to too many requests. */
export const SLOW_DOWN: Fault = {
  status: 503,
  headers: { 'content-type': 'application/xml' },
  body: '<?xml version="1.0" encoding="UTF-8"?><Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>',
};

/**
 * An HTTP proxy on a free port of this machine that passes everything on to `target`, headers untouched, and spoils
 * what its rule says.
 * @param target `http://host:port`
 */
export const startFaultyProxy = async (
  target: string,
  options: FaultyProxyOptions = {},
): Promise<FaultyProxy> => {
  const { hostname, port } = new URL(target);
  let current = options;
  let count = 0;

  const pass = (request: IncomingMessage, response: ServerResponse, fault: Fault): void => {
    const onward = httpRequest(
      { hostname, port, method: request.method, path: request.url, headers: request.headers },
      (answer) => {
        if (fault === 'lose_answer') {
          answer.resume();
          answer.on('end', () => request.socket.resetAndDestroy());
          return;
        }
        response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
        if (fault === 'cut_answer') cutHalf(answer, response);
        else answer.pipe(response);
        answer.on('error', () => response.destroy());
      },
    );
    onward.on('error', () => request.socket.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  };

  const server = createServer((request, response) => {
    count++;
    const { method = '', url = '', headers } = request;
    const { latencyMs = 0, rule } = current;
    const fault = rule?.({ method, url, headers }) ?? 'pass';
    const act = (): void => {
      if (request.socket.destroyed) return; // the client is gone: nobody would end what was begun
      if (fault === 'hang') request.resume();
      else if (fault === 'reset') request.socket.resetAndDestroy();
      else if (typeof fault === 'object') {
        request.resume();
        request.on('end', () => response.writeHead(fault.status, fault.headers).end(fault.body));
      } else pass(request, response, fault);
    };
    if (latencyMs > 0) setTimeout(act, latencyMs);
    else act();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: () => count,
    set: (next) => {
      current = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const cutHalf = (answer: IncomingMessage, response: ServerResponse): void => {
  const half = Math.floor(Number(answer.headers['content-length'] ?? 2) / 2);
  let passed = 0;
  response.flushHeaders();
  answer.on('end', () => response.socket?.resetAndDestroy());
  answer.on('data', (chunk: Buffer) => {
    const part = chunk.subarray(0, half - passed);
    passed += part.length;
    response.write(part, () => {
      if (passed >= half) response.socket?.resetAndDestroy();
    });
  });
};
