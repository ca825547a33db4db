import { NAME_ROOM, roomForNames } from '@sluice/contract/plain';
import { DomainError, type FailureCause } from '../../domain/errors.ts';
import { storageUnavailable } from '../storage-unavailable.ts';

/**
 * What is known of an error of the SDK: S3's code, the system's, the status of the answer if there was one, and the region
 * that the store says it is in.
 */
export const facts = (error: unknown) => {
  const { name, code, $metadata, Region } = (error ?? {}) as {
    name?: string;
    code?: unknown;
    $metadata?: { httpStatusCode?: number };
    Region?: unknown;
  };
  return {
    code: name ?? '',
    system: typeof code === 'string' ? code : undefined,
    status: $metadata?.httpStatusCode,
    region: typeof Region === 'string' ? Region : undefined,
  };
};

/** The object is not there. A missing bucket is something else: nothing works then. */
export const isMissing = (error: unknown): boolean => {
  const { code, status } = facts(error);
  return code === 'NoSuchKey' || code === 'NotFound' || (status === 404 && code !== 'NoSuchBucket');
};

export const isPreconditionFailed = (error: unknown): boolean =>
  facts(error).status === 412 || facts(error).code === 'PreconditionFailed';

export const isNoSuchUpload = (error: unknown): boolean => facts(error).code === 'NoSuchUpload';

/** The store asks for fewer requests. */
export const isOverload = (error: unknown): boolean => {
  const { code, status } = facts(error);
  return status === 503 || status === 429 || code === 'SlowDown';
};

/** The store does not know what was asked of it. */
export const isUnsupported = (error: unknown): boolean => {
  const { code, status } = facts(error);
  return status === 501 || status === 405 || code === 'NotImplemented';
};

/** The store does not take what it was sent. */
export const isBadRequest = (error: unknown): boolean => facts(error).status === 400;

const REFUSED_KEYS = new Set([
  'KeyTooLongError',
  'InvalidArgument',
  'InvalidURI',
  'InvalidObjectName',
  // MinIO
  'XMinioInvalidObjectName',
  'XMinioInvalidResourceName',
  'XMinioObjectExistsAsDirectory',
  'XMinioParentIsObject',
  // VersityGW, whose keys are paths; it answers some of them by a bare 400
  'ExistingObjectIsDirectory',
  'ObjectParentIsFile',
  'DirectoryObjectContainsData',
  '400',
]);

/** The store takes no object under this key, now or later. */
export const isRefusedKey = (error: unknown): boolean => {
  const { code, status } = facts(error);
  return (status === 400 || status === 409) && REFUSED_KEYS.has(code);
};

/** A short name of what went wrong for an operator: S3's code or the system's, and the status. */
export const errorName = (error: unknown): string => {
  const { code, system, status } = facts(error);
  const name = system ?? (code === '' ? 'unknown error' : code);
  return status === undefined ? name : `${name} (${status})`;
};

/** Our own errors pass; all else is the store that cannot take or give bytes now, and the cause says why. */
export const asStoreError = (error: unknown): Error =>
  error instanceof DomainError ? error : storageUnavailable(error, blameOf(error));

/** As `asStoreError`; a key that the store will never take is refused for good, everything else may be tried again. */
export const asUploadError = (error: unknown, key: string): Error => {
  if (!isRefusedKey(error)) return asStoreError(error);
  const isLong = key.split('/').some((segment) => Buffer.byteLength(segment) > NAME_ROOM.files);
  const why = isLong ? ` Percent-encoded names have room for ${roomForNames(NAME_ROOM.files)} there.` : '';
  return new DomainError('NAME_REFUSED', `The store takes no file of this name.${why}`);
};

const blameOf = (error: unknown): FailureCause => {
  const { code, status = 0 } = facts(error);
  const system = (error as { code?: unknown } | null)?.code;
  if (status === 408 || code === 'TimeoutError' || system === 'ETIMEDOUT') return 'timeout';
  return status >= 400 && status < 500 && !isOverload(error) ? 'store_refused' : 'store';
};

/** Runs work, its failures told as `asStoreError` has them. */
export const telling = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw asStoreError(error);
  }
};
