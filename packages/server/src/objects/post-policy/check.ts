import type { Instant } from '../../domain/instant.ts';
import { refusedByPolicy, S3Error } from '../s3-error.ts';
import type { FormFields } from './form-fields.ts';
import type { Condition, Policy } from './policy.ts';

/** Longest key, in bytes of UTF-8. */
export const MAX_KEY_BYTES = 1024;

/** All `x-amz-meta-*` fields together, names and values, in bytes. */
const MAX_METADATA_BYTES = 2048;

/** Fields that the signature is made of, or that need none. */
const UNCOVERED = new Set(['policy', 'x-amz-signature', 'file']);

/**
 * Checks a form against its policy, `${filename}` being substituted already.
 * @returns the key to store the file under
 * @throws S3Error AccessDenied, UserKeyMustBeSpecified, KeyTooLongError, InvalidArgument, MetadataTooLarge
 */
export const checkForm = (
  fields: FormFields,
  policy: Policy,
  { bucket, now }: { bucket: string; now: Instant },
): string => {
  if (policy.expiresAt <= now) throw refusedByPolicy('Policy expired.');
  for (const name of fields.keys()) {
    if (!policy.coveredFields.has(name) && !UNCOVERED.has(name) && !name.startsWith('x-ignore-')) {
      throw refusedByPolicy(`Extra input fields: ${JSON.stringify(name)}`);
    }
  }
  // The bucket is in the address, not in the form, and a policy must name it all the same.
  if (!policy.coveredFields.has('bucket')) throw refusedByPolicy('Extra input fields: "bucket"');
  if ((fields.get('bucket') ?? bucket) !== bucket) throw refusedByPolicy('The form is for another bucket.');
  for (const condition of policy.conditions) {
    const value = condition.field === 'bucket' ? bucket : fields.get(condition.field);
    if (!holds(condition, value)) throw refusedByPolicy(`Policy Condition failed: ${condition.text}`);
  }
  checkMetadata(fields);
  return checkKey(fields.get('key'), policy);
};

/** `["starts-with", "$field", ""]` allows any value, and none: a form that allows a field does not ask for it. */
const holds = ({ operator, field, value: wanted }: Condition, value: string | undefined): boolean => {
  if (operator === 'eq') return value === wanted;
  if (wanted === '') return true;
  if (value === undefined) return false;
  // A list of content types is a list of alternatives for the reader of the object, so each one must be allowed.
  if (field === 'content-type') return value.split(',').every((type) => type.trim().startsWith(wanted));
  return value.startsWith(wanted);
};

const checkMetadata = (fields: FormFields): void => {
  let bytes = 0;
  for (const [name, value] of fields) {
    if (name.startsWith('x-amz-meta-')) bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
  }
  if (bytes > MAX_METADATA_BYTES) {
    throw new S3Error('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size.');
  }
};

const checkKey = (key: string | undefined, { keyPrefix }: Policy): string => {
  if (!key) throw new S3Error('UserKeyMustBeSpecified', 'The bucket POST must contain a field named "key".');
  if (key === keyPrefix && key.endsWith('/')) {
    throw new S3Error(
      'UserKeyMustBeSpecified',
      'The file has no name, so that its key would be a bare prefix.',
    );
  }
  const bytes = Buffer.byteLength(key);
  if (bytes > MAX_KEY_BYTES) {
    throw new S3Error('KeyTooLongError', `The key is longer than ${MAX_KEY_BYTES} bytes.`, {
      Size: String(bytes),
      MaxSizeAllowed: String(MAX_KEY_BYTES),
    });
  }
  if (key.includes('\0')) throw new S3Error('InvalidArgument', 'The key contains the character U+0000.');
  return key;
};
