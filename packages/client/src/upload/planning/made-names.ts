import { fileNameOfSidecar, isSidecar, SIDECAR_SUFFIX } from '@sluice/contract/plain';

/**
 * Names on disk are bytes, and some are no UTF-8. Here each byte that is none stands as U+DC80 to U+DCFF, half a pair, as
 * Python's `surrogateescape` has it: nothing is lost, and no other name can look like it.
 */
const BYTE = /[\udc80-\udcff]/u;
const BYTES = new RegExp(BYTE, 'gu');

export const hasBytes = (name: string): boolean => BYTE.test(name);

const hex = (byte: string): string => (byte.charCodeAt(0) & 0xff).toString(16).toUpperCase();

/** For people: `R\xE9sum\xE9.txt`. */
export const shownBytes = (name: string): string => name.replace(BYTES, (byte) => `\\x${hex(byte)}`);

/** What is said of a file that has another name on disk, behind what else there is to say of it. */
export const withNameOnDisk = (message: string | null, nameOnDisk: string): string =>
  `${message === null ? '' : `${message} `}On disk it is called ${nameOnDisk}, which is no UTF-8.`;

/**
 * The names that inputs are sent under, in NFC. One that holds bytes gets `%E9` for each of them, and in such a part of a
 * path `%25` for `%`, so that it can be read back; what gets too long by that is cut. Where another input has that name, or a
 * sidecar would have it, it becomes `<name>_1`. A sidecar is called by the name that its file gets.
 */
export const namesToSend = (given: readonly string[]): string[] => {
  const names = given.map((name) => name.normalize('NFC'));
  const withBytes = names.filter(hasBytes);
  if (withBytes.length === 0) return names;

  const taken = new Set(names);
  const made = new Map(withBytes.map((name) => [fileNameOf(name), escaped(fileNameOf(name))]));
  const plain = new Set(made.values());
  const isFree = (name: string) => !taken.has(name) && !taken.has(name + SIDECAR_SUFFIX);
  for (const [name, first] of made) {
    let free = first;
    for (let number = 1; !isFree(free) || (number > 1 && plain.has(free)); number++) {
      free = first.replace(/(\.[^./]*)?$/, (extension) => `_${number}${extension}`);
    }
    taken.add(free);
    made.set(name, free);
  }
  return names.map((name) => {
    const sent = made.get(fileNameOf(name));
    if (sent === undefined || !hasBytes(name)) return name;
    return isSidecar(name) ? sent + SIDECAR_SUFFIX : sent;
  });
};

const fileNameOf = (name: string): string => (isSidecar(name) ? fileNameOfSidecar(name) : name);

const escaped = (name: string): string =>
  name
    .split('/')
    .map((part) =>
      hasBytes(part)
        ? shortened(part.replaceAll('%', '%25').replace(BYTES, (byte) => `%${hex(byte)}`))
        : part,
    )
    .join('/')
    .normalize('NFC');

/** Bytes of the longest part of a name, with room for a number. */
const MADE_BYTES = 255 - '_9999'.length;

/** Cuts the middle out, so that the extension stays: a name on disk may have 255 bytes, and escaped three times as many. */
const shortened = (part: string): string => {
  const { length } = new TextEncoder().encode(part);
  if (length <= MADE_BYTES) return part;
  const extension = /\.[^.]{1,16}$/.exec(part)?.[0] ?? '';
  const pieces = part.slice(0, part.length - extension.length).match(/%[0-9A-F]{2}|./gsu) ?? [];
  for (let over = length - MADE_BYTES; over > 0; ) over -= new TextEncoder().encode(pieces.pop()).length;
  return pieces.join('') + extension;
};
