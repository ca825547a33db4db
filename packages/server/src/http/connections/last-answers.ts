import { type ServerResponse, STATUS_CODES } from 'node:http';
import { errorBody } from '../errors/error-body.ts';

/** A whole answer with which a connection ends, for where no response is there to write it. */
export const lastAnswer = (status: number, detail: string, headers: readonly string[] = []): string => {
  const body = JSON.stringify(errorBody(status, detail));
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Cache-Control: no-store',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headers,
    '',
    body,
  ].join('\r\n');
};

/** Answers where a request does not get as far as a route. */
export const refuseWith =
  (status: number, detail: string) =>
  (_request: unknown, response: ServerResponse): void => {
    const body = JSON.stringify(errorBody(status, detail));
    response.writeHead(status, {
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  };

/** What Node's parser found wrong with what a client sent. */
export const answerToParserError = (code: string | undefined): string => {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return lastAnswer(431, 'The head of the request is larger than 16 KiB.');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return lastAnswer(413, 'The chunks of the body have too long extensions.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return lastAnswer(408, 'The request did not arrive in time.');
    default:
      return lastAnswer(400, 'This is not a request of HTTP/1.1, or it broke off.');
  }
};

export const BODY_STOPPED = lastAnswer(408, 'The body of the request stopped coming.');
