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
  const policy = fields.get('policy');
  const algorithm = fields.get('x-amz-algorithm');
  const credential = fields.get('x-amz-credential');
  const date = fields.get('x-amz-date');
  const signature = fields.get('x-amz-signature');
  const isSigned =
    policy !== undefined &&
    algorithm !== undefined &&
    credential !== undefined &&
    date !== undefined &&
    signature !== undefined;
  if (isSigned && fields.get('key')) return { policy, algorithm, credential, date, signature };
  throw incomplete(fields);
};

const incomplete = (fields: FormFields): S3Error => {
  const unsigned = SIGNATURE.filter((name) => !fields.has(name));
  if (!fields.get('key')) return missing('UserKeyMustBeSpecified', ['key', ...unsigned]);
  return missing(unsigned.length === SIGNATURE.length ? 'AccessDenied' : 'InvalidArgument', unsigned);
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
