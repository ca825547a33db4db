import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../service/ports/clock.ts';
import type { FormUploads } from '../intake.ts';
import { S3Error, type S3ErrorCode } from '../s3-error.ts';
import { type CorsOrigins, corsHeaders, PREFLIGHT_HEADERS } from './cors.ts';
import { FormRequest } from './form-request.ts';
import { type KnownHeads, knownHeads } from './known-heads.ts';
import { type DrainLimits, sendRefusal } from './refusal.ts';

/** Where the endpoint tells what came of uploads. Never throws. */
export type FormObserver = {
  stored(bytes: number): void;
  refused(code: S3ErrorCode): void;
  /** What stood behind an answer of 500 or 503. */
  failed(error: unknown): void;
};

export type FormEndpointOptions = {
  uploads: FormUploads;
  bucket: string;
  /** What clients reach the server by, without a trailing slash; for the address of what was stored. */
  publicUrl: () => string;
  clock: Clock;
  corsOrigins: CorsOrigins;
  /** Milliseconds without a byte after which an upload is given up. */
  idleTimeout?: number;
  drain?: DrainLimits;
  observer?: FormObserver;
};

export type FormEndpoint = Required<FormEndpointOptions> & { heads: KnownHeads };

const SILENT: FormObserver = { stored: () => {}, refused: () => {}, failed: () => {} };

/**
 * S3's POST form upload: takes requests to `/<bucket>` and `/<bucket>/`. It writes to the response itself and never
 * throws or rejects, whatever the client does.
 */
export const createFormEndpoint = (
  options: FormEndpointOptions,
): ((request: IncomingMessage, response: ServerResponse) => void) => {
  const endpoint: FormEndpoint = {
    idleTimeout: 60_000,
    drain: { milliseconds: 10_000, bytes: 256 * 1024 * 1024 },
    observer: SILENT,
    ...options,
    heads: knownHeads(),
  };
  const path = `/${endpoint.bucket}`;

  const refuse = (request: IncomingMessage, response: ServerResponse, error: S3Error): void => {
    endpoint.observer.refused(error.code);
    const headers = corsHeaders(request, endpoint.corsOrigins);
    sendRefusal(request, response, error, { received: 0, headers, drain: endpoint.drain });
  };

  const answerPreflight = (request: IncomingMessage, response: ServerResponse): void => {
    const headers = corsHeaders(request, endpoint.corsOrigins);
    if (!headers.includes('Access-Control-Allow-Origin')) {
      refuse(request, response, new S3Error('AccessDenied', 'CORSResponse: this origin may not post forms.'));
    } else response.writeHead(204, [...headers, ...PREFLIGHT_HEADERS]).end();
  };

  return (request, response) => {
    const { method, url } = request;
    const isBucket = url === path || url === `${path}/`;
    if (method === 'POST' && isBucket) new FormRequest(endpoint, request, response).start();
    else if (method === 'OPTIONS' && isBucket) answerPreflight(request, response);
    else {
      refuse(
        request,
        response,
        new S3Error('MethodNotAllowed', 'The only method allowed here is POST, to the bucket.'),
      );
    }
  };
};
