import type { ErrorBody, ValidationErrorBody, ValidationProblem } from '@sluice/contract';
import { readJson } from '../json/read-json.ts';

/**
 * What went wrong, for callers to switch on; statuses not named here are REFUSED (4xx) or SERVER_ERROR (5xx).
 * QUERY_TOO_DEAR is a 503 that another try would not change: the filter has to be narrower. NOT_THE_API is a success by
 * its status with a body that no API would give: a proxy's or a login's page.
 */
export type ApiErrorCode =
  | 'NOT_THE_API'
  | 'BAD_REQUEST'
  | 'NOT_AUTHENTICATED'
  | 'PLAN_LIMIT'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'LIMIT_REACHED'
  | 'TIMED_OUT'
  | 'CONFLICT'
  | 'TOO_LARGE'
  | 'INVALID'
  | 'TOO_MANY_REQUESTS'
  | 'UNAVAILABLE'
  | 'QUERY_TOO_DEAR'
  | 'REFUSED'
  | 'SERVER_ERROR';

/** The server answered, and not with success, or not with what the API answers. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: ApiErrorCode;
  /** What the server called it, finer than `code`: `ALREADY_CLOSED`, `NAME_TAKEN`; null where it gave no name. */
  readonly serverCode: string | null;
  /** What the server said, in a sentence or more. */
  readonly detail: string;
  /** With INVALID: every single thing that is wrong with the request. */
  readonly problems: readonly ValidationProblem[];
  /** What the header Retry-After said. */
  readonly retryAfter: string | null;

  constructor(reply: {
    status: number;
    detail: string;
    serverCode?: string | null;
    problems?: readonly ValidationProblem[];
    retryAfter?: string | null;
  }) {
    super(`${reply.status}: ${reply.detail}`);
    this.status = reply.status;
    this.serverCode = reply.serverCode ?? null;
    this.code = this.serverCode === 'QUERY_TOO_DEAR' ? this.serverCode : codeOf(reply.status);
    this.detail = reply.detail;
    this.problems = reply.problems ?? [];
    this.retryAfter = reply.retryAfter ?? null;
  }
}

/** Makes the error out of a reply that is not a success; the body may be anything, a proxy's page included. */
export const apiErrorOf = async (reply: Response): Promise<ApiError> => {
  const text = await reply.text().catch(() => '');
  const location = reply.headers.get('location');
  const { detail, serverCode } = said(text);
  const { status } = reply;
  const retryAfter = reply.headers.get('retry-after');
  if (status >= 300 && status < 400 && location) {
    const where = `The server redirects to ${location}. Redirects are not followed: give the address it leads to as baseUrl.`;
    return new ApiError({ status, detail: where, retryAfter });
  }
  if (typeof detail === 'string') return new ApiError({ status, detail, serverCode, retryAfter });
  const sentences = detail.map((problem) => `${problem.loc.join('.')}: ${problem.msg}`).join('; ');
  return new ApiError({ status, detail: sentences, serverCode, problems: detail, retryAfter });
};

type Said = { detail: string | ValidationProblem[]; serverCode: string | null };

const said = (text: string): Said => {
  try {
    const { detail, code } = readJson(text) as Partial<ErrorBody | ValidationErrorBody>;
    const serverCode = typeof code === 'string' ? code : null;
    if (typeof detail === 'string' && detail !== '') return { detail, serverCode };
    if (Array.isArray(detail) && detail.every((problem) => Array.isArray(problem?.loc))) {
      return { detail, serverCode };
    }
  } catch {
    // not JSON: whatever it is, its beginning is better than nothing
  }
  return { detail: text.slice(0, 300).trim() || 'The server gave no reason.', serverCode: null };
};

const CODES: Record<number, ApiErrorCode> = {
  400: 'BAD_REQUEST',
  401: 'NOT_AUTHENTICATED',
  402: 'PLAN_LIMIT',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  406: 'LIMIT_REACHED',
  408: 'TIMED_OUT',
  409: 'CONFLICT',
  413: 'TOO_LARGE',
  422: 'INVALID',
  429: 'TOO_MANY_REQUESTS',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'UNAVAILABLE',
};

const codeOf = (status: number): ApiErrorCode =>
  CODES[status] ?? (status >= 500 ? 'SERVER_ERROR' : status < 300 ? 'NOT_THE_API' : 'REFUSED');
