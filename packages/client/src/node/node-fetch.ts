import type { IncomingMessage } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ApiFetch } from '../http/api-fetch.ts';
import { NO_CONNECTION } from '../http/connection-error.ts';
import { KeptConnectionLost } from '../http/kept-connection.ts';
import { CONNECT_MS, type Connections, LATE } from './connections.ts';

/**
 * `fetch` by node:http, as far as the API needs it. That one does not say whether a connection was kept from an earlier
 * request, nor give a request one of its own; and this way the API goes through the same proxies as the forms.
 */
export const nodeFetch =
  (connections: Connections): ApiFetch =>
  async (address, { method = 'GET', headers, body, signal, own = false }) => {
    const url = new URL(address);
    const content = body === undefined || body === null ? null : await contentOf(body);
    const sent = { 'accept-encoding': 'gzip', ...(headers as Record<string, string>), ...content?.headers };
    const request = { method, headers: sent, bytes: content?.bytes, signal, own };
    return responseOf(await exchange(connections, url, request));
  };

type Sent = {
  method: string;
  headers: Record<string, string | number>;
  bytes: Uint8Array | undefined;
  signal: AbortSignal | null | undefined;
  own: boolean;
};

const exchange = (
  connections: Connections,
  url: URL,
  { method, headers, bytes, signal, own }: Sent,
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const request = connections.request(url, { method, headers }, own);
    const onAbort = () => {
      request.destroy(new Error('aborted'));
      reject(signal?.reason); // without a connection it does not say so itself
    };
    signal?.addEventListener('abort', onAbort);
    request.once('close', () => signal?.removeEventListener('abort', onAbort));
    request.once('socket', (socket) => {
      if (!socket.connecting) return;
      const late = Object.assign(new Error(LATE), { code: NO_CONNECTION, syscall: 'connect' });
      const timer = setTimeout(() => request.destroy(late), CONNECT_MS);
      for (const end of ['connect', 'close']) socket.once(end, () => clearTimeout(timer));
    });
    request.on('error', (error) => {
      const lost = request.reusedSocket && !signal?.aborted;
      reject(
        lost ? new KeptConnectionLost(error.message, { cause: error }) : connections.trouble(url, error),
      );
    });
    request.once('response', (response) => {
      const refusal = connections.refusal(url, response.statusCode);
      if (refusal !== null) {
        response.destroy();
        return reject(refusal);
      }
      // An answer that came before all was sent is a refusal; the rest of the body is of no use.
      response.once('end', () => {
        if (!request.writableFinished) request.destroy();
      });
      resolve(response);
    });
    request.end(bytes);
  });

const contentOf = async (body: NonNullable<RequestInit['body']>) => {
  const whole = new Response(body);
  const bytes = new Uint8Array(await whole.arrayBuffer());
  const type = body instanceof FormData ? whole.headers.get('content-type') : null;
  return { bytes, headers: { 'content-length': bytes.length, ...(type && { 'content-type': type }) } };
};

const responseOf = (incoming: IncomingMessage): Response => {
  const { statusCode: status = 0, rawHeaders } = incoming;
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    headers.append(rawHeaders[at] as string, rawHeaders[at + 1] as string);
  }
  if (WITHOUT_BODY.has(status)) {
    incoming.resume();
    return new Response(null, { status, headers });
  }
  const isPacked = headers.get('content-encoding') === 'gzip';
  // What goes wrong meets whoever reads it.
  const body = isPacked ? pipeline(incoming, createGunzip(), () => {}) : incoming;
  return new Response(Readable.toWeb(body) as ReadableStream, { status, headers });
};

const WITHOUT_BODY = new Set([204, 205, 304]);
