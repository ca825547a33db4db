import { createHash, randomBytes } from 'node:crypto';
import type { Instant } from './instant.ts';

/**
 * A UUID of version 7 (RFC 9562, 5.7) for a moment: milliseconds, then the microseconds within them in the twelve
 * bits after the version (method 3 of 6.2), then chance.
 */
export const uuidAt = (now: Instant, random: Uint8Array = randomBytes(8)): string => {
  const milliseconds = Math.floor(now / 1000);
  const fraction = Math.floor(((now - milliseconds * 1000) * 4096) / 1000);
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(milliseconds, 0, 6);
  bytes.writeUInt16BE(0x7000 | fraction, 6);
  bytes.set(random, 8);
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return format(bytes);
};

/** A UUID of version 8 that is always the same for the same text: a name for what is not a row yet. */
export const uuidOf = (text: string): string => {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return format(bytes);
};

const format = (bytes: Buffer): string => {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};
