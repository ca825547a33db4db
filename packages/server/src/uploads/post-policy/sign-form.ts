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
  /** With the token of temporary ones, which is a field of the form. */
  credentials: Credentials & { sessionToken?: string | undefined };
  /** Fields that may be sent along with any value. */
  optionalFields?: readonly string[];
};

/** What browsers and curl like to send along. Neither changes what is stored. */
const HARMLESS_FIELDS = ['success_action_status', 'Content-Type'];

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
  optionalFields = HARMLESS_FIELDS,
}: FormRequest): UploadForm => {
  // Without the slash, `…/s1` would admit `…/s10/x`; without anything, every key there is.
  if (!/[^/]\/$/.test(prefix)) throw new TypeError('The prefix of a form must be a folder');
  const signedAt = formatAmzDate(now);
  const date = signedAt.slice(0, 8);
  const signatureFields = {
    'x-amz-algorithm': ALGORITHM,
    'x-amz-credential': credentialOf(credentials.accessKeyId, date, region),
    'x-amz-date': signedAt,
    ...(credentials.sessionToken !== undefined && { 'x-amz-security-token': credentials.sessionToken }),
  };
  const document = {
    expiration: isoSeconds(expiresAt),
    conditions: [
      ['content-length-range', 0, maxBytes],
      ...optionalFields.map((name) => ['starts-with', `$${name}`, '']),
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
