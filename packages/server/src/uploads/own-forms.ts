import type { Clock } from '../service/ports/clock.ts';
import type { UploadForms } from '../service/ports/objects.ts';
import { signForm } from './post-policy/sign-form.ts';
import type { Credentials } from './post-policy/signature.ts';
import { createFormVerifier, type VerifyForm } from './post-policy/verify-form.ts';

/** Forms that lead to our own endpoint, which knows them by the same key that signed them. */
export type OwnForms = UploadForms & { verifyForm: VerifyForm };

export const createOwnForms = ({
  credentials,
  bucket,
  region,
  publicUrl,
  maxBytes,
  clock,
}: {
  credentials: Credentials;
  bucket: string;
  region: string;
  /** What clients reach the server by, without a trailing slash. A function, since it may be known only once it listens. */
  publicUrl: () => string;
  /** The largest file they admit, in bytes. */
  maxBytes: number;
  clock: Clock;
}): OwnForms => ({
  verifyForm: createFormVerifier({ credentials, region, clock }),
  createUploadForm: async ({ prefix, expiresAt }) => {
    const url = `${publicUrl()}/${bucket}/`;
    return signForm({ bucket, prefix, expiresAt, now: clock(), maxBytes, url, region, credentials });
  },
});
