import type { ApiFetch } from '../../http/api-fetch.ts';
import { ConnectionError } from '../../http/connection-error.ts';
import { orAborted } from '../../or-aborted.ts';
import { UnreadableContent } from '../planning/content.ts';
import { type FormTransport, type Platform, REPLY_LIMIT } from './form-transport.ts';

/**
 * Forms by `fetch`: for browsers, which send a Blob with its length and read a file on disk as they go.
 * Elsewhere it holds each content in memory while it is sent.
 */
export const fetchTransport = (fetch: ApiFetch): FormTransport => ({
  post: async ({ url, contentType, head, content, tail, timeoutMs, signal }) => {
    const body = new Blob([head, content.blob ?? (await orAborted(content.whole(), signal)), tail]);
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const reply = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        credentials: 'omit',
        headers: { 'content-type': contentType },
        body,
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      const text = (await reply.text()).slice(0, REPLY_LIMIT);
      return { status: reply.status, retryAfter: reply.headers.get('retry-after'), text };
    } catch (error) {
      signal?.throwIfAborted();
      if (timeout.aborted) {
        throw new ConnectionError('TIMED_OUT', `The upload took longer than ${timeoutMs / 1000} s.`, error);
      }
      throw new ConnectionError(
        'CONNECTION_FAILED',
        'The connection to the object store failed or broke off.',
        error,
      );
    }
  },
  close: () => {},
});

/** What there is everywhere: `fetch`, and no file system. */
export const webPlatform = (fetch: ApiFetch): Platform => ({
  createFormTransport: () => fetchTransport(fetch),
  openPath: async (path) => {
    throw new UnreadableContent(`A path can be read in Node only, by @sluice/client/node: ${path}`);
  },
});
