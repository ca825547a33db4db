import { MINUTE } from '../../domain/instant.ts';
import type { Clock } from '../../service/ports.ts';
import { S3Error } from '../s3-error.ts';
import { parseAmzDate } from './amz-date.ts';
import type { FormFields } from './form-fields.ts';
import { MAX_POLICY_TEXT, type Policy, parsePolicy } from './policy.ts';
import { recentForms, type SignatureFields, type VerifiedForm } from './recent-forms.ts';
import { ALGORITHM, type Credentials, credentialOf, equalSignatures, signPolicy } from './signature.ts';

/** How far ahead of ours the clock of whoever signed a form may be. */
const MAX_SKEW = 15 * MINUTE;

/** The policy of a form, if we signed it. */
export type VerifyForm = (fields: FormFields) => Policy;

/**
 * Verifies forms signed with one key. Nothing of a policy is read before its signature has proved right; whether it
 * has expired is for `checkForm` to say.
 * @throws (the function made) S3Error AccessDenied, InvalidArgument, InvalidAccessKeyId, SignatureDoesNotMatch,
 *   RequestTimeTooSkewed, InvalidPolicyDocument
 */
export const createFormVerifier = ({
  credentials,
  region,
  clock,
}: {
  credentials: Credentials;
  region: string;
  clock: Clock;
}): VerifyForm => {
  const recent = recentForms();

  const verify = (form: SignatureFields): VerifiedForm => {
    if (form.policy.length > MAX_POLICY_TEXT) {
      throw new S3Error(
        'InvalidPolicyDocument',
        `Invalid Policy: it is over ${MAX_POLICY_TEXT} characters long.`,
      );
    }
    if (!form.credential.startsWith(`${credentials.accessKeyId}/`)) {
      throw new S3Error('InvalidAccessKeyId', 'The access key of the form is not known here.');
    }
    const date = form.date.slice(0, 8);
    const scope = credentialOf(credentials.accessKeyId, date, region);
    const genuine = equalSignatures(
      form.signature,
      signPolicy(form.policy, { ...credentials, date, region }),
    );
    const signedAt = parseAmzDate(form.date);
    if (!genuine || form.algorithm !== ALGORITHM || form.credential !== scope || signedAt === undefined) {
      throw new S3Error('SignatureDoesNotMatch', 'The signature of the form is not the one calculated here.');
    }
    const verified = { policy: parsePolicy(form.policy), signedAt };
    recent.add(form, verified);
    return verified;
  };

  return (fields) => {
    const { policy, signedAt } = recent.find(fields) ?? verify(signatureFields(fields));
    if (signedAt > clock() + MAX_SKEW) {
      throw new S3Error('RequestTimeTooSkewed', 'The form is dated too far in the future.');
    }
    return policy;
  };
};

const signatureFields = (fields: FormFields): SignatureFields => {
  if (!fields.has('policy') && !fields.has('x-amz-signature')) {
    throw new S3Error('AccessDenied', 'Access Denied: the form is not signed.');
  }
  const get = (name: string): string => {
    const value = fields.get(name);
    if (value === undefined) {
      throw new S3Error('InvalidArgument', `Bucket POST must contain a field named "${name}".`);
    }
    return value;
  };
  return {
    policy: get('policy'),
    algorithm: get('x-amz-algorithm'),
    credential: get('x-amz-credential'),
    date: get('x-amz-date'),
    signature: get('x-amz-signature'),
  };
};
