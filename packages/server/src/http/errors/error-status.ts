import type { ErrorCode } from '../../domain/errors.ts';

/** The one place that knows the status of each error. */
export const ERROR_STATUS: Record<ErrorCode, number> = {
  NOT_AUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BAD_REQUEST: 400,
  INVALID: 422,
  PLAN_EXCLUDES_SESSIONS: 402,
  TOO_MANY_OPEN_SESSIONS: 406,
  TOO_MANY_WORKSPACES: 406,
  ALREADY_CLOSED: 409,
  NAME_TAKEN: 409,
  FILE_ALREADY_EXISTS: 409,
  FILE_TOO_LARGE: 413,
  SESSION_ENDED: 409,
  SESSION_FULL: 409,
  NAME_REFUSED: 400,
  METADATA_TOO_LARGE: 413,
  NOT_MULTIPART: 415,
  QUERY_TOO_DEAR: 503,
  INDEX_NOT_READY: 503,
  STORAGE_UNAVAILABLE: 503,
};

/** Seconds after which a request that met STORAGE_UNAVAILABLE, or INDEX_NOT_READY, is worth another try. */
export const RETRY_AFTER_SECONDS = 5;

/** The code of a refusal that comes from HTTP itself, before a use case has a word in it. */
export const codeOfStatus = (status: number): string =>
  CODES[status] ?? (status < 500 ? 'BAD_REQUEST' : 'INTERNAL_ERROR');

const CODES: Record<number, string> = {
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  408: 'REQUEST_TIMEOUT',
  413: 'BODY_TOO_LARGE',
  414: 'URI_TOO_LONG',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  416: 'RANGE_NOT_SATISFIABLE',
  417: 'EXPECTATION_FAILED',
  431: 'HEAD_TOO_LARGE',
  501: 'NOT_IMPLEMENTED',
};
