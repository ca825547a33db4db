/** Draws from a seeded xorshift generator (Marsaglia, 2003): whole numbers from 0 up to, not including, 2^32. */
export type Random = () => number;

export const seededRandom = (seed: number): Random => {
  // Scrambled first, as seeds that differ in one bit would begin with much the same draws; zero is the one state that
  // never leaves itself.
  let state = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b) >>> 0 || 1;
  const draw = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  for (let i = 0; i < 4; i++) draw();
  return draw;
};

export const below = (random: Random, limit: number): number => random() % limit;

export const pick = <T>(random: Random, values: readonly T[]): T => values[below(random, values.length)] as T;

const ALPHABET = Buffer.from('abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ.0123456789');

/** ASCII of exactly that many bytes. It does not compress to nothing, and holds no line that could be a boundary. */
export const randomText = (random: Random, bytes: number): Buffer => {
  const text = Buffer.allocUnsafe(bytes);
  for (let at = 0; at < bytes; ) {
    let bits = random();
    for (let n = 0; n < 5 && at < bytes; n++, bits >>>= 6) text[at++] = ALPHABET[bits & 63] as number;
  }
  return text;
};
