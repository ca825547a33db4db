/** The first so many runs of three characters of a text, each once. Those with control characters, which no name has, are left out. */
export const trigramsOf = (text: string, limit: number): string[] => {
  const characters = [...text];
  const found = new Set<string>();
  for (let at = 0; at + 3 <= characters.length && found.size < limit; at++) {
    const trigram = characters.slice(at, at + 3).join('');
    if (!CONTROL.test(trigram)) found.add(trigram);
  }
  return [...found];
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is what this is for
const CONTROL = /[\0-\x1f]/;
