import type { Instant } from '../../domain/instant.ts';
import type { Policy } from './policy.ts';
import type { SignatureFields } from './required-fields.ts';
import { equalSignatures } from './signature.ts';

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
    find: (form: SignatureFields): VerifiedForm | undefined => {
      const entry = known.get(form.policy);
      return entry !== undefined &&
        entry.form.credential === form.credential &&
        entry.form.date === form.date &&
        entry.form.algorithm === form.algorithm &&
        equalSignatures(entry.form.signature, form.signature)
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
