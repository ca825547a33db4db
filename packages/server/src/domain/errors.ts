/**
 * What can be wrong with a request that is well-formed. Callers switch on the code, never on the message;
 * `http/errors/error-status.ts` is the one place that knows the status of each.
 */
export type ErrorCode =
  | 'NOT_AUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BAD_REQUEST'
  | 'INVALID'
  | 'PLAN_EXCLUDES_SESSIONS'
  | 'TOO_MANY_OPEN_SESSIONS'
  | 'TOO_MANY_WORKSPACES'
  | 'ALREADY_CLOSED'
  | 'NAME_TAKEN'
  | 'FILE_ALREADY_EXISTS'
  | 'FILE_TOO_LARGE'
  /** What a store says of an upload that it will not take; each protocol words it as its own. */
  | 'SESSION_ENDED'
  | 'SESSION_FULL'
  | 'NAME_REFUSED'
  | 'METADATA_TOO_LARGE'
  | 'NOT_MULTIPART'
  /** A search that took all the time it may have: the same again would take as long. */
  | 'QUERY_TOO_DEAR'
  /** A search that cannot be answered truly before a job of the upgrade has ended. */
  | 'INDEX_NOT_READY'
  | 'STORAGE_UNAVAILABLE';

/** What background work failed at, for metrics: a closed set. `store_refused`: the object store answered, and said no. */
export const FAILURE_CAUSES = ['database', 'store', 'store_refused', 'timeout', 'other'] as const;

export type FailureCause = (typeof FAILURE_CAUSES)[number];

/** Where in the request an INVALID value stands: `['query', 'filter']`. */
export type Location = readonly (string | number)[];

export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly location: Location | undefined;
  readonly input: unknown;

  constructor(
    code: ErrorCode,
    message: string,
    at: { location?: Location; input?: unknown; cause?: unknown } = {},
  ) {
    super(message, at.cause === undefined ? undefined : { cause: at.cause });
    this.name = 'DomainError';
    this.code = code;
    this.location = at.location;
    this.input = at.input;
  }
}

/** A value that the schema admits and a rule does not. */
export const invalid = (location: Location, message: string, input?: unknown): DomainError =>
  new DomainError('INVALID', message, { location, input });

export const notFound = (what: string): DomainError => new DomainError('NOT_FOUND', `${what} not found`);
