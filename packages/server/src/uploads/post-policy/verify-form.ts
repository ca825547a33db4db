import { MINUTE } from '../../domain/instant.ts';
import type { Clock } from '../../service/ports/clock.ts';
import { S3Error } from '../s3-error.ts';
import { parseAmzDate } from './amz-date.ts';
import type { FormFields } from './form-fields.ts';
import { MAX_POLICY_TEXT, type Policy, parsePolicy } from './policy.ts';
import { recentForms, type VerifiedForm } from './recent-forms.ts';
import { requireFields, type SignatureFields } from './required-fields.ts';
import { ALGORITHM, type Credentials, credentialOf, equalSignatures, signPolicy } from './signature.ts';

/** How far ahead of ours the clock of whoever signed a form may be. */
const MAX_SKEW = 15 * MINUTE;

/** The policy of a form, if we signed it. */
export type VerifyForm = (fields: FormFields) => Policy;

/**
 * Verifies forms signed with one key. Nothing of a policy is read before its signature has proved right; whether it
 * has expired is for `checkForm` to say.
 * @throws (the function made) S3Error InvalidAccessKeyId, SignatureDoesNotMatch, RequestTimeTooSkewed,
 *   InvalidPolicyDocument, and what `requireFields` throws
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
      throw new S3Error(
        'InvalidAccessKeyId',
        'The access key in the field "x-amz-credential" is not known here.',
      );
    }
    const date = form.date.slice(0, 8);
    const scope = credentialOf(credentials.accessKeyId, date, region);
    const genuine = equalSignatures(
      form.signature,
      signPolicy(form.policy, { ...credentials, date, region }),
    );
    const signedAt = parseAmzDate(form.date);
    if (form.algorithm !== ALGORITHM) throw mismatch(`"x-amz-algorithm" must be ${ALGORITHM}`);
    if (signedAt === undefined) throw mismatch('"x-amz-date" must be a time such as 20260102T030405Z');
    if (form.credential !== scope)
      throw mismatch(`"x-amz-credential" must be ${scope} with this "x-amz-date"`);
    if (!genuine) throw mismatch('"x-amz-signature" is not the one calculated here for "policy"');
    const verified = { policy: parsePolicy(form.policy), signedAt };
    recent.add(form, verified);
    return verified;
  };

  return (fields) => {
    const form = requireFields(fields);
    const { policy, signedAt } = recent.find(form) ?? verify(form);
    if (signedAt > clock() + MAX_SKEW) {
      throw new S3Error(
        'RequestTimeTooSkewed',
        `The field "x-amz-date" is more than ${MAX_SKEW / MINUTE} minutes ahead of the clock here.`,
      );
    }
    return policy;
  };
};

/** One code for all of them, as nothing in such a form can be believed. */
const mismatch = (what: string): S3Error =>
  new S3Error('SignatureDoesNotMatch', `The form is not as it was signed: ${what}.`);
