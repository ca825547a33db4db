import type { IncomingMessage, ServerResponse } from 'node:http';
import { S3Error } from '../s3-error.ts';
import { corsHeaders, PREFLIGHT_HEADERS } from './cors.ts';
import type { FormContext, FormEndpointOptions, FormObserver } from './form-context.ts';
import { FormRequest } from './form-request.ts';
import { knownHeads } from './known-heads.ts';
import { sendRefusal } from './refusal.ts';

const SILENT: FormObserver = { stored: () => {}, refused: () => {}, failed: () => {} };

/**
 * S3's POST form upload: takes requests to `/<bucket>` and `/<bucket>/`. It writes to the response itself and never
 * throws or rejects, whatever the client does.
 */
export const createFormEndpoint = (
  options: FormEndpointOptions,
): ((request: IncomingMessage, response: ServerResponse) => void) => {
  const endpoint: FormContext = {
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
