import type { Clock } from '../../service/ports/clock.ts';
import type { Intake } from '../intake.ts';
import type { CheckName } from '../post-policy/key-length.ts';
import type { VerifyForm } from '../post-policy/verify-form.ts';
import type { S3ErrorCode } from '../s3-error.ts';
import type { CorsOrigins } from './cors.ts';
import type { KnownHeads } from './known-heads.ts';
import type { DrainLimits } from './refusal.ts';

/** Where the endpoint tells what came of uploads. Never throws. */
export type FormObserver = {
  stored(bytes: number): void;
  refused(code: S3ErrorCode): void;
  /** What stood behind an answer of 500 or 503. */
  failed(error: unknown): void;
};

export type FormEndpointOptions = {
  intake: Intake;
  verifyForm: VerifyForm;
  checkName: CheckName;
  bucket: string;
  /** What clients reach the server by, without a trailing slash; for the address of what was stored. */
  publicUrl: () => string;
  clock: Clock;
  corsOrigins: CorsOrigins;
  /** Milliseconds without a byte after which an upload is given up. */
  idleTimeout?: number;
  drain?: DrainLimits;
  observer?: FormObserver;
};

/** What every request with a form is read in. */
export type FormContext = Required<FormEndpointOptions> & { heads: KnownHeads };
