import { DomainError, type FailureCause } from '../errors.ts';

/** What the service runs on cannot be used now; the cause says why, for the operator. */
export class Outage extends DomainError {
  readonly of: 'database' | 'objects';
  /** What it counts as where work failed for it. */
  readonly blame: FailureCause;

  constructor(
    of: Outage['of'],
    message: string,
    cause: unknown,
    blame: FailureCause = of === 'database' ? 'database' : 'store',
  ) {
    super('STORAGE_UNAVAILABLE', message, { cause });
    this.of = of;
    this.blame = blame;
  }
}

/** Whether an error says that what it met cannot be used now, and may be later. */
export const isOutage = (error: unknown): error is DomainError =>
  error instanceof DomainError && error.code === 'STORAGE_UNAVAILABLE';

/** Why something cannot be used, for the operator; it holds no secret. */
export type Cause = {
  /** The rest of a sentence: `nothing listens there`. */
  why: string;
  /** The code it was told by: `ECONNREFUSED`. */
  code: string;
  /** What part of the settings to look at, the likeliest first; none where no setting is to blame. */
  look: readonly Look[];
};

export type Look = 'address' | 'name' | 'user' | 'password' | 'key' | 'secret' | 'region' | 'tls';
