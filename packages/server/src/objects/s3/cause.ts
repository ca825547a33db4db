import { connectionCause } from '../../domain/failures/connection-cause.ts';
import type { Cause, Look } from '../../domain/failures/outage.ts';
import { errorName, facts } from './errors.ts';

type Known = { why: string; look: readonly Look[] };

const NO_STORE: Known = { why: 'what answers there is no S3 store', look: ['address'] };
const UNKNOWN_KEY: Known = { why: 'the store does not know the access key', look: ['key'] };
const WRONG_SECRET: Known = { why: 'the secret does not belong to the access key', look: ['secret'] };
const REFUSED: Known = { why: 'the store does not let the access key do this', look: ['key', 'name'] };
const OTHER_REGION: Known = { why: 'the bucket is in another region', look: ['region', 'address'] };
const SILENT: Known = { why: 'it does not answer', look: ['address'] };
const OVERLOADED: Known = { why: 'the store asks for fewer requests, or is not ready', look: [] };
const FULL: Known = { why: 'the store is full', look: [] };
const UNKNOWN_REQUEST: Known = { why: 'the store knows no such request', look: ['address'] };

const KNOWN: Record<string, Known> = {
  NoSuchBucket: { why: 'there is no such bucket; "sluiced bucket setup" makes it', look: ['name'] },
  InvalidBucketName: { why: 'the store takes no bucket of that name', look: ['name'] },
  InvalidAccessKeyId: UNKNOWN_KEY,
  XAdminUserNotFound: UNKNOWN_KEY, // VersityGW
  SignatureDoesNotMatch: WRONG_SECRET,
  AccessDenied: REFUSED,
  AllAccessDisabled: REFUSED,
  AccountProblem: REFUSED,
  ExpiredToken: { why: 'the key that the machine gave has expired', look: ['key'] },
  InvalidToken: { why: 'the store does not take the key that the machine gave', look: ['key'] },
  CredentialsProviderError: { why: 'no key is set, and the machine gives none', look: ['key', 'secret'] },
  AuthorizationHeaderMalformed: OTHER_REGION,
  PermanentRedirect: OTHER_REGION,
  IllegalLocationConstraintException: OTHER_REGION,
  InvalidRegion: OTHER_REGION,
  RequestTimeTooSkewed: {
    why: 'its clock and that of this machine are more than 15 minutes apart; run NTP on both',
    look: [],
  },
  SlowDown: OVERLOADED,
  ServiceUnavailable: OVERLOADED,
  QuotaExceeded: FULL,
  XMinioStorageFull: FULL,
  NotImplemented: UNKNOWN_REQUEST,
  MethodNotAllowed: UNKNOWN_REQUEST,
  TimeoutError: SILENT,
  AbortError: SILENT,
};

/** What the status says where no code does. */
const BY_STATUS: Record<number, Known> = {
  301: OTHER_REGION,
  401: REFUSED,
  403: REFUSED,
  404: NO_STORE,
  405: UNKNOWN_REQUEST,
  429: OVERLOADED,
  501: UNKNOWN_REQUEST,
  503: OVERLOADED,
  507: FULL,
};

/** Why a store cannot be used, from an error of the SDK. */
export const storeCause = (error: unknown): Cause => {
  const { code, system, status, region } = facts(error);
  const connection = system === undefined ? undefined : connectionCause(system);
  if (connection) return connection;
  const known = KNOWN[code] ?? (status === undefined ? undefined : BY_STATUS[status]);
  const told = errorName(error).replace(/ \((\d+)\)$/, ', $1');
  if (known === OTHER_REGION && region !== undefined) {
    return { ...known, why: `${known.why}, ${region}`, code: told };
  }
  if (known) return { ...known, code: told };
  return { why: 'the store refuses or fails', look: [], code: told };
};
