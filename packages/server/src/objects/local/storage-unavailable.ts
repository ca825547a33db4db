import { DomainError, type FailureCause } from '../../domain/errors.ts';

/** The disk, the database or its thread cannot take or give bytes now; trying again later may work. */
export const storageUnavailable = (cause: unknown, blame: FailureCause = 'store'): DomainError =>
  cause instanceof DomainError && cause.code === 'STORAGE_UNAVAILABLE'
    ? cause // it says more
    : new DomainError('STORAGE_UNAVAILABLE', 'The object store cannot take or give bytes now.', {
        cause,
        blame,
      });
