import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { DomainError, type ErrorCode } from '../../domain/errors.ts';
import { isOutage } from '../../domain/failures/outage.ts';
import { MultipartError } from '../multipart/multipart-error.ts';
import { S3Error } from '../s3-error.ts';
import type { HeaderList } from './cors.ts';
import { xmlDocument } from './xml.ts';

/** What stops an upload, in S3's terms. */
export const asS3Error = (error: unknown): S3Error => {
  if (error instanceof S3Error) return error;
  if (error instanceof MultipartError) {
    switch (error.code) {
      case 'NOT_MULTIPART':
        return new S3Error(
          'RequestIsNotMultiPartContent',
          `Bucket POST must be of the type multipart/form-data. ${error.message}`,
        );
      default:
        return new S3Error(
          'MalformedPOSTRequest',
          `The body is not well-formed multipart/form-data: ${error.message}`,
        );
    }
  }
  if (error instanceof DomainError && REFUSED.has(error.code)) {
    return new S3Error(
      'AccessDenied',
      `Access Denied: ${error.message[0]?.toLowerCase()}${error.message.slice(1)}`,
    );
  }
  if (isOutage(error)) {
    return new S3Error('ServiceUnavailable', 'The file cannot be stored now. Try again later.');
  }
  return new S3Error('InternalError', 'We encountered an internal error. Try again.');
};

/** 403, since trying again cannot help, and the official SDK takes it for final. */
const REFUSED: ReadonlySet<ErrorCode> = new Set(['SESSION_ENDED', 'SESSION_FULL', 'NAME_REFUSED']);

/** Seconds after which a client that was told 503 may try again. */
const RETRY_AFTER = '5';

/** How long, and how much, a client may go on sending after it was refused. */
export type DrainLimits = { milliseconds: number; bytes: number };

/** So little is left to come that reading it is cheaper than a new connection. */
const WORTH_KEEPING = 256 * 1024;

/**
 * Answers with an error, and sees to it that the answer arrives: closing a connection that still holds unread bytes
 * resets it, and the client loses what it has not read yet. So what is still coming is read and dropped, within
 * limits, and only then the connection ends.
 * @param received bytes of the body so far
 */
export const sendRefusal = (
  request: IncomingMessage,
  response: ServerResponse,
  error: S3Error,
  { received, headers, drain }: { received: number; headers: HeaderList; drain: DrainLimits },
): void => {
  if (response.destroyed || response.headersSent) return;
  const requestId = randomBytes(8).toString('hex').toUpperCase();
  const body = xmlDocument('Error', {
    Code: error.code,
    Message: error.message,
    ...error.details,
    RequestId: requestId,
    HostId: 'sluice',
  });
  const keep = bytesLeft(request, received) <= WORTH_KEEPING;
  const all = [
    'Content-Type',
    'application/xml',
    'Content-Length',
    String(body.length),
    'x-amz-request-id',
    requestId,
    'Cache-Control',
    'no-store',
  ];
  if (!keep) all.push('Connection', 'close');
  if (error.status === 503) all.push('Retry-After', RETRY_AFTER);
  if (error.status === 405) all.push('Allow', 'POST, OPTIONS');
  response.writeHead(error.status, reasonPhrase(error), [...all, ...headers]);
  // With its length announced the answer is whole; not ending it keeps Node from closing the connection just yet.
  if (keep) response.end(body);
  else response.write(body);
  if (!request.complete) dropRest(request, response, drain);
};

/** `Infinity` for a chunked body that has not ended. */
const bytesLeft = (request: IncomingMessage, received: number): number => {
  if (request.complete) return 0;
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  return coding === undefined ? Number(length ?? 0) - received : Number.POSITIVE_INFINITY;
};

const dropRest = (request: IncomingMessage, response: ServerResponse, limits: DrainLimits): void => {
  let dropped = 0;
  const { socket } = request;
  const finish = (): void => {
    stopWaiting();
    response.end();
    if (!request.complete) socket.destroySoon();
  };
  const giveUp = setTimeout(finish, limits.milliseconds).unref();
  request.on('data', (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > limits.bytes) finish();
  });
  request.on('end', finish);
  const stopWaiting = (): void => {
    clearTimeout(giveUp);
    socket.off('close', stopWaiting);
  };
  // Not with the request: one that is answered before its end does not hear of the end of its connection.
  socket.once('close', stopWaiting);
  request.resume();
};

/**
 * The status line's own words. Some clients show nothing else of an error. Never more than printable ASCII, whatever
 * the message holds of what the client sent.
 */
const reasonPhrase = ({ code, message }: S3Error): string =>
  `${code}: ${message}`.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
