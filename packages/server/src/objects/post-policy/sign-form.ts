import type { UploadForm } from '@sluice/contract';
import type { Instant } from '../../domain/instant.ts';
import { formatAmzDate, isoSeconds } from './amz-date.ts';
import { ALGORITHM, type Credentials, credentialOf, signPolicy } from './signature.ts';

export type FormRequest = {
  bucket: string;
  /** Keys the form may write start with it; ends in a slash. */
  prefix: string;
  /** The form works until then, cut to the second, and never longer. */
  expiresAt: Instant;
  now: Instant;
  /** The largest file it admits, in bytes. */
  maxBytes: number;
  /** Where it is POSTed to. */
  url: string;
  region: string;
  credentials: Credentials;
};

/** A form for browser-based uploads, its fields in the order boto3 gives them. */
export const signForm = ({
  bucket,
  prefix,
  expiresAt,
  now,
  maxBytes,
  url,
  region,
  credentials,
}: FormRequest): UploadForm => {
  // Without the slash, `…/s1` would admit `…/s10/x`; without anything, every key there is.
  if (!/[^/]\/$/.test(prefix)) throw new TypeError('The prefix of a form must be a folder');
  const signedAt = formatAmzDate(now);
  const date = signedAt.slice(0, 8);
  const signatureFields = {
    'x-amz-algorithm': ALGORITHM,
    'x-amz-credential': credentialOf(credentials.accessKeyId, date, region),
    'x-amz-date': signedAt,
  };
  const document = {
    expiration: isoSeconds(expiresAt),
    conditions: [
      ['content-length-range', 0, maxBytes],
      // What browsers and curl like to send along. Neither changes what is stored.
      ['starts-with', '$success_action_status', ''],
      ['starts-with', '$Content-Type', ''],
      { bucket },
      ['starts-with', '$key', prefix],
      ...Object.entries(signatureFields).map(([name, value]) => ({ [name]: value })),
    ],
  };
  const policy = Buffer.from(JSON.stringify(document)).toString('base64');
  const signature = signPolicy(policy, { ...credentials, date, region });
  const key = `${prefix}\${filename}`;
  return { url, fields: { key, ...signatureFields, policy, 'x-amz-signature': signature } };
};
