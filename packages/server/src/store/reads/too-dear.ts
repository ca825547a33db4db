import { DomainError } from '../../domain/errors.ts';

/** A read whose time is over. */
export const tooDear = (cause?: unknown): DomainError =>
  new DomainError(
    'QUERY_TOO_DEAR',
    'This query takes too long. Ask for less: fewer conditions, or one that few files fulfil, such as an "eq".',
    { cause },
  );

/** A read that would have to wait for too many others. */
export const tooManyDear = (): DomainError =>
  new DomainError(
    'QUERY_TOO_DEAR',
    'Too many queries of this workspace that take long are waiting already. Ask them one after the other.',
  );

export const isTooDear = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'QUERY_TOO_DEAR';
