import { Outage } from '../../domain/outage.ts';

/** The disk, the database or its thread cannot take or give bytes now; trying again later may work. */
export const storageUnavailable = (cause: unknown): Outage =>
  new Outage('objects', 'The object store cannot take or give bytes now.', cause);
