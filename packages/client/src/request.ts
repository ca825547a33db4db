import { ApiError, type ApiErrorCode, apiErrorOf } from './api-error.ts';
import type { ApiFetch } from './api-fetch.ts';
import { ArgumentError } from './argument-error.ts';
import { ConnectionError, systemCodeOf } from './connection-error.ts';
import { KeptConnectionLost, overKept } from './kept-connection.ts';
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
  /** Whether it may arrive twice; where absent, so may all but POST. */
  repeatable?: boolean;
  /** What a try is refused with where one before, whose answer was lost, had done it. That is no failure then. */
  refusedOnceDone?: ApiErrorCode;
};

/**
 * Requests to the API. What may arrive twice is repeated after lost connections and passing statuses (408, 429, 500, 502,
 * 503, 504). What may not goes over a connection of its own, since one that was kept may be gone, and is repeated only
 * where nothing can happen twice: the server was not reached, or said that it did nothing (429, 503). None is repeated
 * after QUERY_TOO_DEAR, which the same request would meet again. All of them reject with ArgumentError, ApiError,
 * ConnectionError, or the reason of the signal.
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
  fetch: ApiFetch;
  /** Milliseconds one try may take. */
  timeoutMs: number;
  retry: RetryPolicy;
};

export const createRequests = (connection: Connection): Requests => {
  const send =
    <T>(read: (reply: Response) => Promise<T>): ((...request: Parameters<Requests['reply']>) => Promise<T>) =>
    async (method, path, details = {}) => {
      const url = connection.root + pathOf(path) + queryString(details.query);
      const repeatable = details.repeatable ?? method !== 'POST';
      let mayBeDone = false;
      const tryOnce = async (): Promise<Attempt<T>> => {
        const outcome = await overKept(
          (own) =>
            attempt(connection, { method, url, repeatable, ...details, own: own || !repeatable }, read),
          () => {
            mayBeDone = true;
          },
        );
        if ('done' in outcome) return outcome;
        const { failure } = outcome;
        const refused = failure instanceof ApiError && failure.code === details.refusedOnceDone;
        if (refused && mayBeDone) return { done: undefined as T };
        mayBeDone ||= mayHaveArrived(failure);
        return outcome;
      };
      return retrying(connection.retry, tryOnce, details.signal);
    };
  return {
    json: <T>(...request: Parameters<Requests['reply']>) => send((reply) => readJson<T>(reply))(...request),
    done: send(async (reply) => void (await reply.arrayBuffer())),
    reply: send(async (reply) => reply),
  };
};

type Sent = RequestDetails & { method: Method; url: string; repeatable: boolean; own: boolean };

const attempt = async <T>(
  { apiKey, fetch, timeoutMs }: Connection,
  { method, url, repeatable, own, signal, json, form, headers }: Sent,
  read: (reply: Response) => Promise<T>,
): Promise<Attempt<T>> => {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  let replied = false;
  const body = form ?? (json === undefined ? undefined : JSON.stringify(json));
  try {
    const reply = await fetch(url, {
      method,
      own,
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
    replied = true;
    if (reply.ok) return { done: await read(reply) };
    const failure = await apiErrorOf(reply);
    return { failure, mayHelp: mayRepeat(repeatable, failure), retryAfter: failure.retryAfter };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ApiError || error instanceof ArgumentError) throw error;
    if (error instanceof KeptConnectionLost) throw error;
    const failure = timeout.signal.aborted
      ? new ConnectionError('TIMED_OUT', `No answer within ${timeoutMs / 1000} s from ${url}`, error)
      : new ConnectionError(
          'CONNECTION_FAILED',
          `${replied ? 'The answer broke off' : 'No answer'} from ${url}: ${reasonOf(error)}`,
          error,
        );
    return { failure, mayHelp: mayRepeat(repeatable, failure) };
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

const mayRepeat = (repeatable: boolean, failure: ApiError | ConnectionError): boolean => {
  if (failure instanceof ApiError) {
    if (failure.code === 'QUERY_TOO_DEAR') return false;
    return repeatable ? isPassing(failure.status) : failure.status === 429 || failure.status === 503;
  }
  return repeatable || failure.neverSent;
};

/** The server may have done it, though it did not say so. */
const mayHaveArrived = (failure: unknown): boolean =>
  failure instanceof ConnectionError
    ? !failure.neverSent
    : failure instanceof ApiError && [408, 500, 502, 504].includes(failure.status);

/** `fetch failed` says nothing; what it was caused by does. */
const reasonOf = (error: unknown): string => {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return inner instanceof Error ? inner.message || systemCodeOf(inner) || inner.name : String(inner);
};
