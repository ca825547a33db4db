import { ArgumentError } from '../argument-error.ts';
import { jsonText } from '../json/json-text.ts';
import { type ReadJsonOptions, readJson } from '../json/read-json.ts';
import { abortSignal, needOptions, plain } from '../options.ts';
import { ApiError, type ApiErrorCode, apiErrorOf } from './api-error.ts';
import type { ApiFetch } from './api-fetch.ts';
import { connectionCause } from './connection-cause.ts';
import { ConnectionError } from './connection-error.ts';
import { ignoredQuery } from './ignored-query.ts';
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
  /** JSON that is text already, in place of `json`. */
  jsonText?: string;
  /** Numbers that a JavaScript number would change come as ExactNumber. */
  exactNumbers?: boolean | undefined;
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
  /** The reply's body, read as JSON; whole numbers beyond `Number.MAX_SAFE_INTEGER` come as bigint. */
  json<T>(method: Method, path: RequestPath, details?: RequestDetails): Promise<T>;
  /** Whatever the reply holds is of no interest. */
  done(method: Method, path: RequestPath, details?: RequestDetails): Promise<void>;
  /** The reply itself, its body not read yet and not bounded in time; the signal ends it. */
  reply(method: Method, path: RequestPath, details?: RequestDetails): Promise<Response>;
  /** For what the body of an answer says beside its rows. */
  onWarning: (sentence: string) => void;
};

export type Connection = {
  /** Ends in `/api/v1`. */
  root: string;
  apiKey: string;
  fetch: ApiFetch;
  /** Milliseconds one try may take. */
  timeoutMs: number;
  retry: RetryPolicy;
  /** Told, in a sentence, of what an answer is not about although it was asked for. */
  onWarning?: ((sentence: string) => void) | undefined;
};

export const createRequests = (connection: Connection): Requests => {
  const send =
    <T>(read: (reply: Response) => Promise<T>): ((...request: Parameters<Requests['reply']>) => Promise<T>) =>
    async (method, path, details = {}) => {
      if (plain(details).signal) needOptions(details, { signal: abortSignal });
      const url = connection.root + pathOf(path) + queryString(details.query);
      const { json } = details;
      const written = json === undefined ? details : { ...details, jsonText: jsonText(json) };
      const repeatable = details.repeatable ?? method !== 'POST';
      let mayBeDone = false;
      const tryOnce = async (): Promise<Attempt<T>> => {
        const outcome = await overKept(
          (own) =>
            attempt(connection, { method, url, repeatable, ...written, own: own || !repeatable }, read),
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
    json: <T>(...request: Parameters<Requests['reply']>) =>
      send((reply) => jsonOf<T>(reply, request[2]))(...request),
    done: send(async (reply) => void (await reply.arrayBuffer())),
    reply: send(async (reply) => reply),
    onWarning: (sentence) => connection.onWarning?.(sentence),
  };
};

type Sent = RequestDetails & { method: Method; url: string; repeatable: boolean; own: boolean };

const attempt = async <T>(
  { apiKey, fetch, timeoutMs, onWarning }: Connection,
  { method, url, repeatable, own, signal, jsonText: json, form, headers }: Sent,
  read: (reply: Response) => Promise<T>,
): Promise<Attempt<T>> => {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  let replied = false;
  const body = form ?? json;
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
    const ignored = ignoredQuery(reply);
    if (ignored !== undefined) onWarning?.(ignored);
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
          `${replied ? 'The answer broke off' : 'No answer'} from ${url}: ${connectionCause(error, url)}`,
          error,
        );
    return { failure, mayHelp: mayRepeat(repeatable, failure) };
  } finally {
    clearTimeout(timer);
  }
};

/** A page of a proxy or a login comes with 200 as well: that is an answer, and the next would be the same. */
const jsonOf = async <T>(reply: Response, options?: ReadJsonOptions): Promise<T> => {
  const text = await reply.text();
  try {
    return readJson(text, options) as T;
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
