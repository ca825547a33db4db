/** Longest key that S3 takes, in bytes of UTF-8. */
export const MAX_KEY_BYTES = 1024;

/** What one character takes where a name is sent percent-encoded, as our clients and the official SDK do. */
const KINDS: [bytes: number, characters: string][] = [
  [1, 'letters a–z and digits'],
  [6, 'accented letters'],
  [9, 'Chinese characters'],
  [12, 'emoji'],
];

/** How long a name may be that is sent percent-encoded into so many bytes, in words. */
export const roomForNames = (bytes: number): string => {
  const [last, ...others] = KINDS.map(([each, what]) => `${Math.floor(bytes / each)} ${what}`).reverse();
  return `${others.reverse().join(', ')} or ${last}`;
};
