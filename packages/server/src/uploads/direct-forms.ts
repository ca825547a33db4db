import type { Clock } from '../service/ports/clock.ts';
import type { UploadForms } from '../service/ports/objects.ts';
import { signForm } from './post-policy/sign-form.ts';
import type { Credentials } from './post-policy/signature.ts';

/** A bucket as forms lead to it, and the key that it knows them by. */
export type FormTarget = {
  bucket: string;
  region: string;
  /** With a trailing slash. */
  url: string;
  /** With the token of temporary ones. Asked for with every form, since they are renewed. */
  credentials: () => Promise<Credentials & { sessionToken?: string | undefined }>;
};

/** Forms that lead straight to the bucket: bytes never pass through us. */
export const createDirectForms = (
  { bucket, region, url, credentials }: FormTarget,
  { maxBytes, clock }: { maxBytes: number; clock: Clock },
): UploadForms => ({
  createUploadForm: async ({ prefix, expiresAt }) =>
    signForm({
      bucket,
      prefix,
      expiresAt,
      now: clock(),
      maxBytes,
      url,
      region,
      credentials: await credentials(),
      // A store asks for every field that a condition is about, even where it may be empty.
      optionalFields: [],
    }),
});
