import type { FailureCause } from '../domain/errors.ts';
import { Outage } from '../domain/failures/outage.ts';

/** The disk, the database or its thread cannot take or give bytes now; trying again later may work. */
export const storageUnavailable = (cause: unknown, blame?: FailureCause): Outage =>
  cause instanceof Outage
    ? cause // it says more
    : new Outage('objects', 'The object store cannot take or give bytes now.', cause, blame);
