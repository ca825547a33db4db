import { createHmac, timingSafeEqual } from 'node:crypto';

export const ALGORITHM = 'AWS4-HMAC-SHA256';

export type Credentials = { accessKeyId: string; secretAccessKey: string };

/** Signs a form's policy as Signature Version 4 has it: the text to sign is the base64 policy itself. */
export const signPolicy = (
  policy: string,
  { secretAccessKey, date, region }: { secretAccessKey: string; date: string; region: string },
): string => {
  const dateKey = hmac(`AWS4${secretAccessKey}`, date);
  const signingKey = hmac(hmac(hmac(dateKey, region), 's3'), 'aws4_request');
  return hmac(signingKey, policy).toString('hex');
};

/** `<access key>/<yyyymmdd>/<region>/s3/aws4_request` */
export const credentialOf = (accessKeyId: string, date: string, region: string): string =>
  `${accessKeyId}/${date}/${region}/s3/aws4_request`;

/** Takes the same time wherever the two differ. A length that differs is no secret. */
export const equalSignatures = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
