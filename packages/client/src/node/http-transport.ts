import type http from 'node:http';
import { ApiError } from '../http/api-error.ts';
import { ConnectionError, systemCodeOf } from '../http/connection-error.ts';
import { KeptConnectionLost, overKept } from '../http/kept-connection.ts';
import { orAborted } from '../or-aborted.ts';
import {
  type FormPost,
  type FormTransport,
  REPLY_LIMIT,
  type StoreReply,
} from '../upload/sending/form-transport.ts';
import type { Connections } from './connections.ts';

/** Contents up to this size are sent in one piece; larger ones are read from disk as they are sent. */
const ONE_PIECE_BYTES = 1024 * 1024;

/** Where the caller does not say how long nothing may move on a connection. */
const IDLE_MS = 60_000;

/**
 * Forms by node:http, over connections that are kept: four times as many small files a second as by `fetch`, and a
 * stream goes out with its Content-Length, which the standard for `fetch` has no way to say. A form may arrive twice.
 */
export const httpTransport = (connections: Connections): FormTransport => ({
  post: (form) => overKept((own) => post(form, connections, own)),
  close: connections.close,
});

const post = async (form: FormPost, connections: Connections, own: boolean): Promise<StoreReply> => {
  const { head, content, tail, signal, idleMs = IDLE_MS } = form;
  signal?.throwIfAborted();
  const whole = content.size <= ONE_PIECE_BYTES ? await orAborted(content.whole(), signal) : null;
  const url = new URL(form.url);
  const headers = {
    'content-type': form.contentType,
    'content-length': head.length + content.size + tail.length,
  };
  const request = connections.request(url, { method: 'POST', headers }, own);

  return new Promise((resolve, reject) => {
    const settle = <T>(outcome: (value: T) => void, value: T) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      outcome(value);
    };
    const fail = (error: unknown) => {
      settle(reject, error);
      request.destroy();
    };
    const timedOut = (ms: number) =>
      fail(
        new ConnectionError(
          'TIMED_OUT',
          `The object store did not answer within ${Math.round(ms / 100) / 10} s.`,
        ),
      );
    const timer = setTimeout(() => timedOut(form.timeoutMs), form.timeoutMs);
    const onAbort = () => fail(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });

    request.setTimeout(idleMs, () => timedOut(idleMs));
    const failedBy = (error: Error) => connectionError(connections.trouble(url, error));
    let answered = false;
    request.on('error', (error) =>
      fail(
        request.reusedSocket && !answered
          ? new KeptConnectionLost(error.message, { cause: error })
          : failedBy(error),
      ),
    );
    request.on('response', (response) => {
      answered = true;
      const refusal = connections.refusal(url, response.statusCode);
      if (refusal !== null) return fail(refusal);
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (text.length < REPLY_LIMIT) text += chunk.slice(0, REPLY_LIMIT - text.length);
      });
      response.on('error', (error) => fail(failedBy(error)));
      response.on('end', () => {
        const retryAfter = response.headers['retry-after'] ?? null;
        settle(resolve, { status: response.statusCode ?? 0, retryAfter, text });
        // An answer that came before all was sent is a refusal; the rest of the body is of no use.
        if (!request.writableFinished) request.destroy();
      });
    });

    if (signal?.aborted) return onAbort(); // while the content was read
    if (whole !== null) {
      request.cork();
      request.write(head);
      request.write(whole);
      request.end(tail);
      request.uncork();
      return;
    }
    sendPieces(request, form).catch(fail);
  });
};

/**
 * Each piece is on its way before the next is read, so that memory stays flat whatever the size, and a piece may use
 * the memory of the one before.
 */
const sendPieces = async (request: http.ClientRequest, { head, content, tail }: FormPost): Promise<void> => {
  request.write(head);
  for await (const chunk of content.chunks()) {
    if (request.destroyed) return;
    await written(request, chunk);
  }
  request.end(tail);
};

const written = (request: http.ClientRequest, chunk: Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    request.once('close', resolve); // where no answer to the write comes any more
    request.write(chunk, () => {
      request.off('close', resolve);
      resolve();
    });
  });

const connectionError = (error: Error): Error =>
  error instanceof ApiError
    ? error
    : new ConnectionError(
        'CONNECTION_FAILED',
        `The connection to the object store failed: ${error.message || systemCodeOf(error)}`,
        error,
      );
