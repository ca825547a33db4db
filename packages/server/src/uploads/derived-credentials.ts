import { hkdfSync } from 'node:crypto';
import type { Credentials } from './post-policy/signature.ts';

/**
 * The key that forms are signed with, made of a secret: the same in all processes, which need not know of each other. Two
 * independent values, so that the one that forms show says nothing about the other.
 * @throws TypeError where there is none
 */
export const derivedCredentials = (secret: string | null): Credentials => {
  if (secret === null) throw new TypeError('Forms need a secret of their own where the access key has none');
  const derive = (purpose: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, '', `sluice form ${purpose}`, bytes));
  return {
    accessKeyId: `SLUICE${derive('key id', 7).toString('hex').toUpperCase()}`,
    secretAccessKey: derive('secret', 32).toString('base64url'),
  };
};
