/** Characters of names that are compared: longer ones would take long. */
const LONGEST = 64;

/**
 * The name most like another, where one is like it: but for case, hyphens and what stands before `.`, or with one letter in
 * three written otherwise. Of names as like as each other, the first.
 * @param breathe called between the names, which may be many
 */
export const similarName = async (
  name: string,
  names: Iterable<string>,
  breathe: () => Promise<void> = async () => {},
): Promise<string | undefined> => {
  const wanted = plain(name);
  if (wanted === '' || wanted.length > LONGEST) return undefined;
  let best: { name: string; distance: number } | undefined;
  for (const one of names) {
    await breathe();
    const most = (best?.distance ?? Math.floor(wanted.length / 3) + 1) - 1;
    const distance = likeness(wanted, plain(one), most);
    if (distance <= most) best = { name: one, distance };
    if (distance === 0) break;
  }
  return best?.name;
};

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[-_\s]/g, '')
    .replace(/^meta(?:data)?\./, '');

/** 0 for the same, 1 for a key within the other; else how many letters are not. More than `most` stands for any more. */
const likeness = (a: string, b: string, most: number): number => {
  if (a === b) return 0;
  if (b.endsWith(`.${a}`) || b.startsWith(`${a}.`) || a.endsWith(`.${b}`)) return 1;
  return Math.abs(a.length - b.length) > most ? most + 1 : editDistance(a, b);
};

/** Letters put in, left out, written otherwise or changed for the one beside: how many it takes at least. */
const editDistance = (a: string, b: string): number => {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(
        (last[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (last[j - 1] as number) + same,
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (before[j - 2] as number) + 1);
      }
      row.push(least);
    }
    [before, last] = [last, row];
  }
  return last[b.length] as number;
};
