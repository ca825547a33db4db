import { S3Error } from '../s3-error.ts';
import type { FormFields } from './form-fields.ts';

/** The fields a signature is made of. */
export type SignatureFields = {
  policy: string;
  algorithm: string;
  credential: string;
  date: string;
  signature: string;
};

const SIGNATURE = ['policy', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'x-amz-signature'];

/**
 * What no form is without, before anything is made of it.
 * @throws S3Error UserKeyMustBeSpecified without a key, AccessDenied without any field of a signature, InvalidArgument
 *   without one of them; each names all that is missing
 */
export const requireFields = (fields: FormFields): SignatureFields => {
  const unsigned = SIGNATURE.filter((name) => !fields.has(name));
  if (!fields.get('key')) throw missing('UserKeyMustBeSpecified', ['key', ...unsigned]);
  if (unsigned.length === SIGNATURE.length) throw missing('AccessDenied', unsigned);
  if (unsigned.length > 0) throw missing('InvalidArgument', unsigned);
  const get = (name: string): string => fields.get(name) ?? '';
  return {
    policy: get('policy'),
    algorithm: get('x-amz-algorithm'),
    credential: get('x-amz-credential'),
    date: get('x-amz-date'),
    signature: get('x-amz-signature'),
  };
};

/** In S3's words. What follows the file counts for nothing there and here, so a form may have a field and yet not. */
const missing = (
  code: 'UserKeyMustBeSpecified' | 'AccessDenied' | 'InvalidArgument',
  names: readonly string[],
): S3Error => {
  const [first = '', ...others] = names.map((name) => JSON.stringify(name));
  const all =
    others.length === 0 ? `a field named ${first}` : `fields named ${[first, ...others].join(', ')}`;
  const denied = code === 'AccessDenied' ? 'Access Denied: the form is not signed. ' : '';
  const message = `${denied}Bucket POST must contain ${all}. If it does, check the order: all fields come before the file.`;
  return new S3Error(code, message, { ArgumentName: names[0] ?? '', ArgumentValue: '' });
};
