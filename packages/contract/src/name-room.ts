/** Longest key that S3 takes, in bytes of UTF-8. */
export const MAX_KEY_BYTES = 1024;

/**
 * Bytes that a bucket leaves for a name in an upload session: S3 what the session's folder leaves of a key, stores that
 * keep objects as files what file systems take between slashes, as encoded names have none.
 */
export const NAME_ROOM = { s3: 897, files: 255 } as const;

/** What one character takes where a name is sent percent-encoded, as our clients and the official SDK do. */
const KINDS: [bytes: number, characters: string][] = [
  [1, 'letters a–z and digits'],
  [6, 'accented letters'],
  [9, 'Chinese characters'],
];
const EMOJI_BYTES = 12;

/** How long a name may be that is sent percent-encoded into so many bytes, in words. */
export const roomForNames = (bytes: number): string => {
  const counts = KINDS.map(([each, characters]) => `${Math.floor(bytes / each)} ${characters}`);
  return `${counts.join(', ')} or ${Math.floor(bytes / EMOJI_BYTES)} emoji`;
};
