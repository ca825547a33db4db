import { ApiError, apiErrorOf } from './api-error.ts';
import { ConnectionError } from './connection-error.ts';
import { type Query, queryString } from './query-string.ts';
import { pathOf, type RequestPath } from './request-path.ts';
import { isPassing, type RetryPolicy } from './retry-timing.ts';
import { type Attempt, retrying } from './retrying.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What every method takes last. */
export type RequestOptions = { signal?: AbortSignal | undefined };

export type RequestDetails = RequestOptions & {
  query?: Query;
  json?: unknown;
  form?: FormData;
  headers?: Record<string, string>;
};

/**
 * Requests to the API. GET and PUT are repeated after lost connections and passing statuses (408, 429, 500, 502, 503,
 * 504), the other methods only where nothing can happen twice: the server was not reached, or said that it did
 * nothing (429, 503). None is repeated after QUERY_TOO_DEAR, which the same request would meet again. All of them reject with ApiError, ConnectionError, or the reason of the signal.
 */
export type Requests = {
  /** The reply's body, read as JSON. */
  json<T>(method: Method, path: RequestPath, details?: RequestDetails): Promise<T>;
  /** Whatever the reply holds is of no interest. */
  done(method: Method, path: RequestPath, details?: RequestDetails): Promise<void>;
  /** The reply itself, its body not read yet and not bounded in time; the signal ends it. */
  reply(method: Method, path: RequestPath, details?: RequestDetails): Promise<Response>;
};

export type Connection = {
  /** Ends in `/api/v1`. */
  root: string;
  apiKey: string;
  fetch: typeof globalThis.fetch;
  /** Milliseconds one try may take. */
  timeoutMs: number;
  retry: RetryPolicy;
};

export const createRequests = (connection: Connection): Requests => {
  const send =
    <T>(read: (reply: Response) => Promise<T>): ((...request: Parameters<Requests['reply']>) => Promise<T>) =>
    async (method, path, details = {}) => {
      const url = connection.root + pathOf(path) + queryString(details.query);
      return retrying(
        connection.retry,
        () => attempt(connection, method, url, details, read),
        details.signal,
      );
    };
  return {
    json: <T>(...request: Parameters<Requests['reply']>) => send((reply) => readJson<T>(reply))(...request),
    done: send(async (reply) => void (await reply.arrayBuffer())),
    reply: send(async (reply) => reply),
  };
};

const attempt = async <T>(
  { apiKey, fetch, timeoutMs }: Connection,
  method: Method,
  url: string,
  { signal, json, form, headers }: RequestDetails,
  read: (reply: Response) => Promise<T>,
): Promise<Attempt<T>> => {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  const body = form ?? (json === undefined ? undefined : JSON.stringify(json));
  try {
    const reply = await fetch(url, {
      method,
      redirect: 'manual', // the key must not travel to wherever a reply points
      signal: signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${apiKey}`,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    if (reply.ok) return { done: await read(reply) };
    const failure = await apiErrorOf(reply);
    return { failure, mayHelp: mayRepeat(method, failure), retryAfter: failure.retryAfter };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ApiError) throw error;
    const failure = timeout.signal.aborted
      ? new ConnectionError('TIMED_OUT', `No answer within ${timeoutMs / 1000} s from ${url}`, error)
      : new ConnectionError('CONNECTION_FAILED', `No answer from ${url}: ${reasonOf(error)}`, error);
    return { failure, mayHelp: mayRepeat(method, failure) };
  } finally {
    clearTimeout(timer);
  }
};

/** A page of a proxy or a login comes with 200 as well: that is an answer, and the next would be the same. */
const readJson = async <T>(reply: Response): Promise<T> => {
  const text = await reply.text();
  try {
    return JSON.parse(text) as T;
  } catch {
    const begins = text
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim()
      .slice(0, 100);
    const detail = `The answer is not the API's: it should be JSON and ${begins === '' ? 'is empty' : `begins ${begins}`}`;
    throw new ApiError({ status: reply.status, detail });
  }
};

const mayRepeat = (method: Method, failure: ApiError | ConnectionError): boolean => {
  const repeatable = method === 'GET' || method === 'PUT';
  if (failure instanceof ApiError) {
    if (failure.code === 'QUERY_TOO_DEAR') return false;
    return repeatable ? isPassing(failure.status) : failure.status === 429 || failure.status === 503;
  }
  return repeatable || failure.neverSent;
};

/** `fetch failed` says nothing; what it was caused by does. */
const reasonOf = (error: unknown): string => {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return inner instanceof Error ? inner.message || inner.name : String(inner);
};
