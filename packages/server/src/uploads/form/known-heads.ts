/** Everything of a form before the part of its file, as it came in the first chunk. */
export type Head = {
  /** The bytes with every boundary taken out, and how many they are with it. */
  text: string;
  length: number;
  /** How many parts there are in it. */
  parts: number;
};

/** Forms to know at a time, and the longest head worth keeping, in bytes. */
const MAX_KNOWN = 32;
const MAX_LENGTH = 8192;

/**
 * The head of a body, if it is whole and shaped as clients shape it: the file's part is found by its name. A boundary
 * is another one with every upload; what stands between two of them is the same for all uploads with one form.
 */
export const headOf = (chunk: Buffer, boundary: string): Head | undefined => {
  const all = chunk.toString('latin1', 0, MAX_LENGTH);
  const length = all.lastIndexOf(`\r\n--${boundary}`, all.indexOf('"file"'));
  if (length === -1 || !all.startsWith(`--${boundary}`)) return undefined;
  const head = all.slice(boundary.length + 2, length);
  // It stands for the boundary below, and must stand for nothing else.
  if (head.includes('\0')) return undefined;
  const parts = head.split(`\r\n--${boundary}`);
  return { text: parts.join('\0'), length, parts: parts.length };
};

/**
 * The fields of heads that were read before. Equal heads have equal fields, so a form is taken apart once, not once
 * per file. What the fields are worth is not decided here: every upload is verified and checked as if it were the first.
 */
export const knownHeads = () => {
  // Few, and compared one by one: that is quicker than to look kilobytes of text up by their hash.
  const known: { text: string; fields: ReadonlyMap<string, string> }[] = [];

  return {
    fieldsOf: (head: Head): ReadonlyMap<string, string> | undefined =>
      known.find(({ text }) => text === head.text)?.fields,
    /** Remembers fields as they were sent; the head that came first goes when there are too many. */
    add: (head: Head, fields: ReadonlyMap<string, string>): void => {
      known.unshift({ text: head.text, fields });
      known.splice(MAX_KNOWN);
    },
  };
};

export type KnownHeads = ReturnType<typeof knownHeads>;
