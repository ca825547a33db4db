import type { Instant } from '../../domain/instant.ts';
import type { FormFields } from './form-fields.ts';
import type { Policy } from './policy.ts';
import { equalSignatures } from './signature.ts';

/** The fields a signature is made of. */
export type SignatureFields = {
  policy: string;
  algorithm: string;
  credential: string;
  date: string;
  signature: string;
};

/** A form that proved to be ours. */
export type VerifiedForm = { policy: Policy; signedAt: Instant };

/** Forms in use at the same time that need no second look. */
const MAX_FORMS = 256;

/**
 * Forms whose signature has been verified, by the text of their policy: all uploads with one form carry the same
 * bytes, so the signature is calculated and the policy read once, not once per file. Nothing but what was verified
 * comes in, and all that was signed must be equal to come out.
 */
export const recentForms = () => {
  const known = new Map<string, { form: SignatureFields; verified: VerifiedForm }>();

  return {
    find: (fields: FormFields): VerifiedForm | undefined => {
      const entry = known.get(fields.get('policy') ?? '');
      return entry !== undefined &&
        entry.form.credential === fields.get('x-amz-credential') &&
        entry.form.date === fields.get('x-amz-date') &&
        entry.form.algorithm === fields.get('x-amz-algorithm') &&
        equalSignatures(entry.form.signature, fields.get('x-amz-signature') ?? '')
        ? entry.verified
        : undefined;
    },

    /** Adds a verified form; the one that came first goes when there are too many. */
    add: (form: SignatureFields, verified: VerifiedForm): void => {
      if (known.size >= MAX_FORMS) known.delete(known.keys().next().value as string);
      known.set(form.policy, { form, verified });
    },
  };
};
