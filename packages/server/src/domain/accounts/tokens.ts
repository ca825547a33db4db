import { createHash } from 'node:crypto';

/** Every key starts with this; official clients look for it. */
export const TOKEN_PREFIX = 'api_';

/** Random bytes a key is made from: beyond guessing, so a fast hash is enough to keep it by. */
export const TOKEN_BYTES = 32;

export const tokenFromBytes = (random: Uint8Array): string =>
  TOKEN_PREFIX + Buffer.from(random).toString('base64url');

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');
