/** Something was wrong, not slow: a status, a lost file, other bytes. It makes the bench end with code 1. */
export class CorrectnessError extends Error {}

export const expectEqual = (what: string, seen: unknown, expected: unknown): void => {
  const [a, b] = [JSON.stringify(seen), JSON.stringify(expected)];
  if (a !== b) throw new CorrectnessError(`${what}: expected ${b}, got ${a}`);
};
