import { createHash } from 'node:crypto';

/** Some of the items, others for another seed: each is as likely as any other to be among them. */
export const sample = <T>(
  items: readonly T[],
  size: number,
  seed: string,
  nameOf: (item: T) => string,
): T[] => {
  const rank = (item: T) =>
    createHash('sha256')
      .update(`${seed} ${nameOf(item)}`)
      .digest('hex');
  return items
    .map((item) => ({ item, rank: rank(item) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, size)
    .map(({ item }) => item);
};
