import type { Instant } from '../../domain/instant.ts';
import { refusedByPolicy, S3Error } from '../s3-error.ts';
import type { FormFields } from './form-fields.ts';
import type { Condition, Policy } from './policy.ts';

/** All `x-amz-meta-*` fields together, names and values, in bytes. */
const MAX_METADATA_BYTES = 2048;

/** Fields that the signature is made of, or that need none. */
const UNCOVERED = new Set(['policy', 'x-amz-signature', 'file']);

/**
 * Checks a form against its policy, `${filename}` being substituted already.
 * @returns the key to store the file under; how long it may be is for the store to say
 * @throws S3Error AccessDenied, UserKeyMustBeSpecified, InvalidArgument, MetadataTooLarge
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
  if ((fields.get('bucket') ?? bucket) !== bucket)
    throw refusedByPolicy('The field "bucket" names another bucket than the address.');
  for (const condition of policy.conditions) {
    const value = condition.field === 'bucket' ? bucket : fields.get(condition.field);
    if (holds(condition, value)) continue;
    const missing = value === undefined ? `. The form has no field ${JSON.stringify(condition.field)}.` : '';
    throw refusedByPolicy(`Policy Condition failed: ${condition.text}${missing}`);
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
    throw new S3Error(
      'MetadataTooLarge',
      `The fields "x-amz-meta-*" have ${bytes} bytes together; ${MAX_METADATA_BYTES} are allowed.`,
      { Size: String(bytes), MaxSizeAllowed: String(MAX_METADATA_BYTES) },
    );
  }
};

const checkKey = (key: string | undefined, { keyPrefix }: Policy): string => {
  if (!key || (key === keyPrefix && key.endsWith('/'))) {
    throw new S3Error(
      'UserKeyMustBeSpecified',
      'The field "key" ends without a name: the part "file" has no filename to put there.',
    );
  }
  if (key.includes('\0')) {
    throw new S3Error('InvalidArgument', 'The field "key" contains the character U+0000.');
  }
  return key;
};
