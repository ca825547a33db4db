import { hkdfSync } from 'node:crypto';
import { NAME_ROOM, roomForNames } from '@sluice/contract/plain';
import type { Clock } from '../../service/ports/clock.ts';
import type { ObjectStore } from '../../service/ports/objects.ts';
import type { FormUploads } from '../../uploads/intake.ts';
import { checkKeyLength } from '../../uploads/post-policy/key-length.ts';
import { signForm } from '../../uploads/post-policy/sign-form.ts';
import type { Credentials } from '../../uploads/post-policy/signature.ts';
import { createFormVerifier } from '../../uploads/post-policy/verify-form.ts';
import { S3Error } from '../../uploads/s3-error.ts';
import { asStoreError, isRefusedKey } from './errors.ts';
import { createObjectWriter, type WriterContext } from './writer.ts';

export type RelayOptions = {
  /** Forms are signed with keys made of it; the same for all processes, which need not know of each other. */
  secret: string;
  bucket: string;
  region: string;
  /** What clients reach the server by, without a trailing slash. */
  publicUrl: () => string;
  maxBytes: number;
  clock: Clock;
  /** Whether a folder takes uploads still. */
  mayUpload: (prefix: string) => Promise<boolean>;
};

/** Forms that lead to our own endpoint, whose files are streamed on into the bucket. */
export const createRelay = (
  context: WriterContext,
  { secret, bucket, region, publicUrl, maxBytes, clock, mayUpload }: RelayOptions,
): FormUploads & Pick<ObjectStore, 'createUploadForm'> => {
  const credentials = formCredentials(secret);
  return {
    verifyForm: createFormVerifier({ credentials, region, clock }),

    createUploadForm: async ({ prefix, expiresAt }) => {
      const url = `${publicUrl()}/${bucket}/`;
      return signForm({ bucket, prefix, expiresAt, now: clock(), maxBytes, url, region, credentials });
    },

    begin: ({ key, prefix }, events) => {
      checkSegments(key);
      checkKeyLength(key, prefix);
      const permit = async (): Promise<void> => {
        if (await mayUpload(prefix)) return;
        throw new S3Error('AccessDenied', 'Access Denied: the upload session has ended.');
      };
      const writer = createObjectWriter(
        context,
        key,
        { drained: events.drained.bind(events), failed: (error) => events.failed(asUploadError(error, key)) },
        permit,
      );
      return {
        write: writer.write,
        commit: async () => {
          try {
            return await writer.commit();
          } catch (error) {
            throw asUploadError(error, key);
          }
        },
        abort: () => context.connection.tidy(writer.abort()),
      };
    },
  };
};

/** Two independent values, so that the one that forms show says nothing about the other. */
export const formCredentials = (secret: string): Credentials => {
  const derive = (purpose: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, '', `sluice form ${purpose}`, bytes));
  return {
    accessKeyId: `SLUICE${derive('key id', 7).toString('hex').toUpperCase()}`,
    secretAccessKey: derive('secret', 32).toString('base64url'),
  };
};

/**
 * Stores that keep objects as files take `a/../b` for `b`, so that a form for one folder would write to another's.
 * @throws S3Error AccessDenied
 */
const checkSegments = (key: string): void => {
  if (!key.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) return;
  throw new S3Error('AccessDenied', 'Access Denied: the key has a part that is empty, "." or "..".');
};

/** A key that the store will never take is refused for good, everything else may be tried again. */
const asUploadError = (error: unknown, key: string): Error => {
  if (!isRefusedKey(error)) return asStoreError(error);
  const isLong = key.split('/').some((segment) => Buffer.byteLength(segment) > NAME_ROOM.files);
  const why = isLong ? ` Percent-encoded names have room for ${roomForNames(NAME_ROOM.files)} there.` : '';
  return new S3Error('AccessDenied', `Access Denied: the store takes no file of this name.${why}`);
};
